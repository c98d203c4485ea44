// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Text and simple shapes at places counted in pixels, as commands of gnuplot.
 */
#ifndef NATTLAB_FIGURES_CANVAS_H
#define NATTLAB_FIGURES_CANVAS_H

#include <cstddef>
#include <string>
#include <vector>

namespace nattlab::figures
{

/** \return the text as a string constant of gnuplot, whatever is in it. */
std::string Quoted(const std::string& text);

/** \return the text without control characters; what is no UTF-8 becomes "?". */
std::string Plain(const std::string& text);

/** \return how gnuplot is told a number. */
std::string Number(double number);

/** \return about how wide a text is in a sans-serif font, in pixels; rather too wide. */
double WidthOf(const std::string& text, double size);

/** \return the text in lines of at most that width, broken at blanks where possible. */
std::vector<std::string> Wrapped(const std::string& text, double size, double width);

/** \return the text, or as much of it as there is place for and an ellipsis. */
std::string Shortened(const std::string& text, double size, double width);

enum class Align
{
    Left,
    Centre,
    Right,
};

struct TextStyle
{
    double size{12};
    Align align{Align::Left};
    const char* colour{"#000000"};
    double rotate{0}; //!< degrees, counter-clockwise
};

/** The figure's area; x grows to the right, y down. */
class Canvas
{
  public:
    Canvas(double width, double height);

    double Width() const;
    double Height() const;

    /** \param y the middle of the line */
    void Text(double x, double y, const std::string& text, const TextStyle& style);
    /** \param style gnuplot's line style: "dt 2 lw 2" */
    void Line(double x1, double y1, double x2, double y2, const std::string& style);
    /** \param style gnuplot's fill style: "fs solid 1 fc rgb '#000000'" */
    void Box(double x1, double y1, double x2, double y2, const std::string& style);

    /** Put the plot there. */
    void Margins(double left, double top, double right, double bottom);

    /** Add a command. */
    void Command(const std::string& command);

    /** \return all commands so far. */
    const std::string& Script() const;

  private:
    std::string Screen(double x, double y) const;

    double m_width;
    double m_height;
    std::size_t m_labels{0};
    std::size_t m_arrows{0};
    std::size_t m_objects{0};
    std::string m_script;
};

} // namespace nattlab::figures

#endif
