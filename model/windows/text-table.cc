// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/text-table.h"

#include <algorithm>
#include <cstdio>

namespace nattlab::windows
{

namespace
{

constexpr std::size_t GAP = 2;
constexpr std::size_t NARROWEST = 8; // of a column that is cut

std::string
Shown(const std::string& cell)
{
    return cell.empty() ? "-" : cell;
}

/** Take from the widest columns until the line fits. */
void
Narrow(std::vector<std::size_t>& widths)
{
    std::size_t total = 0;
    for (const std::size_t width : widths)
    {
        total += width + GAP;
    }
    while (total > PAGE_WIDTH)
    {
        std::size_t& widest = *std::max_element(widths.begin(), widths.end());
        if (widest <= NARROWEST)
        {
            return;
        }
        --widest;
        --total;
    }
}

} // namespace

std::string
TextTable(const std::vector<std::vector<std::string>>& rows)
{
    std::vector<std::size_t> widths;
    for (const auto& row : rows)
    {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
        {
            widths[i] = std::max(widths[i], Shown(row[i]).size());
        }
    }
    Narrow(widths);
    std::string text;
    for (const auto& row : rows)
    {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
        {
            std::string cell = Shown(row[i]);
            if (cell.size() > widths[i])
            {
                cell = cell.substr(0, widths[i] - 2) + "..";
            }
            line += std::string(GAP, ' ') + cell + std::string(widths[i] - cell.size(), ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::string
WrappedText(const std::string& text)
{
    std::string wrapped;
    std::size_t begin = 0;
    std::string indent;
    while (text.size() - begin > PAGE_WIDTH - indent.size())
    {
        const std::size_t blank = text.rfind(' ', begin + PAGE_WIDTH - indent.size());
        if (blank == std::string::npos || blank <= begin)
        {
            break; // a word longer than the page
        }
        wrapped += indent + text.substr(begin, blank - begin) + "\n";
        begin = blank + 1;
        indent = "  ";
    }
    return wrapped + indent + text.substr(begin) + "\n";
}

std::string
ClockText(long long milliseconds)
{
    const long long days = milliseconds / 86400000;
    const long long rest = milliseconds % 86400000;
    char text[64];
    std::snprintf(text,
                  sizeof text,
                  "%02lld:%02lld:%02lld.%03lld",
                  rest / 3600000,
                  rest / 60000 % 60,
                  rest / 1000 % 60,
                  rest % 1000);
    return (days == 0 ? "" : std::to_string(days) + " d ") + text;
}

} // namespace nattlab::windows
