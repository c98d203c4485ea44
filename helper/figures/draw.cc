// SPDX-License-Identifier: GPL-2.0-only
#include "helper/figures/draw.h"

#include "helper/figures/canvas.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

namespace nattlab::figures
{

namespace
{

constexpr int PNG_SCALE = 2;             //!< pixels of a PNG for each of an SVG
constexpr double POINTS_OF_PIXEL = 0.75; //!< sizes of text: points of 1/72 inch, at 96 pixels

void
Write(const std::string& path, const std::string& text)
{
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file)
    {
        throw std::runtime_error(path + ": cannot be written");
    }
}

/** How a program ended, and all that it wrote. */
struct Ended
{
    int error{0};  //!< errno, when it could not be started
    int status{0}; //!< as waitpid gives it
    std::string output;
};

/** What the new process does between fork and exec. It does not return. */
[[noreturn]] void
Become(const std::vector<const char*>& words, const std::string& directory, int output, int failure)
{
    const int nothing = ::open("/dev/null", O_RDONLY);
    const bool ready = nothing >= 0 && ::dup2(nothing, STDIN_FILENO) >= 0 &&
                       ::dup2(output, STDOUT_FILENO) >= 0 && ::dup2(output, STDERR_FILENO) >= 0 &&
                       ::chdir(directory.c_str()) == 0 && ::setenv("LC_ALL", "C.UTF-8", 1) == 0;
    if (ready)
    {
        ::execvp(words.front(), const_cast<char* const*>(words.data()));
    }
    const int error = errno;
    const ssize_t told = ::write(failure, &error, sizeof error);
    ::_exit(told == sizeof error ? 127 : 126);
}

/** Read until the other end is closed. */
std::string
ReadAll(int file)
{
    std::string text;
    std::array<char, 4096> part{};
    ssize_t size = 0;
    while ((size = ::read(file, part.data(), part.size())) > 0 || (size < 0 && errno == EINTR))
    {
        text.append(part.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    }
    return text;
}

/** Run a program in a directory, without a shell. \param words the program and its arguments */
Ended
Run(std::vector<const char*> words, const std::string& directory)
{
    words.push_back(nullptr);
    std::array<int, 2> output{};
    std::array<int, 2> failure{};
    if (::pipe2(output.data(), O_CLOEXEC) != 0 || ::pipe2(failure.data(), O_CLOEXEC) != 0)
    {
        throw std::runtime_error(std::string("no pipe: ") + std::strerror(errno));
    }
    const pid_t process = ::fork();
    if (process == 0)
    {
        Become(words, directory, output[1], failure[1]);
    }
    Ended ended;
    ended.error = process < 0 ? errno : 0;
    ::close(output[1]);
    ::close(failure[1]);
    ended.output = ReadAll(output[0]);
    const std::string told = ReadAll(failure[0]);
    ::close(output[0]);
    ::close(failure[0]);
    if (told.size() == sizeof ended.error)
    {
        std::memcpy(&ended.error, told.data(), sizeof ended.error);
    }
    while (process > 0 && ::waitpid(process, &ended.status, 0) < 0 && errno == EINTR)
    {
    }
    return ended;
}

std::string
TerminalOf(const Figure& figure, Format format)
{
    const auto size = [&figure](int scale)
    { return Number(scale * figure.width) + "," + Number(scale * figure.height); };
    if (format == Format::Svg)
    {
        return "set terminal svg noenhanced size " + size(1) +
               " font 'Arial,Helvetica,sans-serif,12' background '#FFFFFF'";
    }
    return "set terminal pngcairo noenhanced size " + size(PNG_SCALE) +
           " font 'sans-serif,12' fontscale " + Number(PNG_SCALE * POINTS_OF_PIXEL) +
           " linewidth " + std::to_string(PNG_SCALE) + " background '#FFFFFF'";
}

} // namespace

const char*
EndingOf(Format format)
{
    return format == Format::Svg ? "svg" : "png";
}

std::string
ScriptOf(const Figure& figure,
         const std::vector<Format>& formats,
         const std::vector<std::string>& heading)
{
    std::string script;
    for (const std::string& line : heading)
    {
        script += "# " + Quoted(line) + "\n"; // a backslash at the end would go on with the comment
    }
    script += "# gnuplot " + Quoted(figure.stem + ".gp") + " makes the figure again\n";
    for (const Format format : formats)
    {
        script += "\nreset\nset encoding utf8\n" + TerminalOf(figure, format) + "\nset output " +
                  Quoted(figure.stem + "." + EndingOf(format)) + "\n" + figure.commands +
                  "unset output\n";
    }
    return script;
}

std::string
Draw(const Figure& figure,
     const std::vector<Format>& formats,
     const std::vector<std::string>& heading,
     const std::string& directory)
{
    const std::string path = (std::filesystem::path(directory) / figure.stem).string();
    const std::string script = "./" + figure.stem + ".gp";
    Write(path + ".tsv", figure.table);
    Write(path + ".gp", ScriptOf(figure, formats, heading));
    const Ended ended = Run({"gnuplot", "-d", script.c_str()}, directory);
    if (ended.error == ENOENT || ended.error == EACCES)
    {
        throw GnuplotMissing("gnuplot, which draws the figures, is not here: install the package "
                             "gnuplot-nox; " +
                             path + ".gp is ready for it");
    }
    if (ended.error == 0 && WIFEXITED(ended.status) && WEXITSTATUS(ended.status) == 0)
    {
        return ended.output;
    }
    for (const Format format : formats)
    {
        std::error_code ignored;
        std::filesystem::remove(path + "." + EndingOf(format), ignored);
    }
    const std::string why = ended.error != 0            ? std::strerror(ended.error)
                            : WIFSIGNALED(ended.status) ? std::string("it was ended by ") +
                                                              ::strsignal(WTERMSIG(ended.status))
                                                        : ended.output;
    throw std::runtime_error("gnuplot failed with " + path + ".gp: " + why);
}

} // namespace nattlab::figures
