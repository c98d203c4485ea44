// SPDX-License-Identifier: GPL-2.0-only
#include "helper/figures/frame.h"

#include <algorithm>
#include <cmath>

namespace nattlab::figures
{

namespace
{

constexpr double TITLE_SIZE = 15;
constexpr double SUBTITLE_SIZE = 12;
constexpr double FOOT_SIZE = 9;
constexpr double LEADING = 1.35;      //!< distance of lines, in parts of the size
constexpr std::size_t MOST_LINES = 6; //!< of one note; the script has all of it

double
HeightOf(const std::vector<std::string>& lines, double size)
{
    return static_cast<double>(lines.size()) * size * LEADING;
}

double
DrawLines(Canvas& canvas,
          double top,
          const std::vector<std::string>& lines,
          double size,
          const char* colour)
{
    for (const std::string& line : lines)
    {
        canvas.Text(Frame::EDGE, top + size * LEADING / 2, line, {size, Align::Left, colour, 0});
        top += size * LEADING;
    }
    return top;
}

} // namespace

Frame::Frame(const Caption& caption,
             const std::string& subtitle,
             const std::vector<std::string>& notes,
             double width)
{
    const double room = width - 2 * EDGE;
    if (!caption.title.empty())
    {
        m_title = Wrapped(caption.title, TITLE_SIZE, room);
    }
    m_subtitle = Wrapped(subtitle, SUBTITLE_SIZE, room);
    std::vector<std::string> all = notes;
    all.insert(all.end(), caption.notes.begin(), caption.notes.end());
    for (const std::string& note : all)
    {
        std::vector<std::string> lines = Wrapped(note, FOOT_SIZE, room);
        if (lines.size() > MOST_LINES)
        {
            lines.resize(MOST_LINES);
            lines.back() = Shortened(lines.back() + " …", FOOT_SIZE, room);
        }
        m_foot.insert(m_foot.end(), lines.begin(), lines.end());
    }
}

double
Frame::Top() const
{
    return EDGE + HeightOf(m_title, TITLE_SIZE) + HeightOf(m_subtitle, SUBTITLE_SIZE) + 14;
}

double
Frame::Foot() const
{
    return HeightOf(m_foot, FOOT_SIZE) + EDGE / 2 + 12;
}

void
Frame::Draw(Canvas& canvas) const
{
    const double top = DrawLines(canvas, EDGE, m_title, TITLE_SIZE, "#000000");
    DrawLines(canvas, top, m_subtitle, SUBTITLE_SIZE, "#333333");
    DrawLines(canvas,
              canvas.Height() - EDGE / 2 - HeightOf(m_foot, FOOT_SIZE),
              m_foot,
              FOOT_SIZE,
              "#555555");
}

ColumnLabels::ColumnLabels(const Scale& scale, double columnWidth)
    : m_scale(scale),
      m_columnWidth(columnWidth)
{
    const double widest = Widest(scale.Labels(), SIZE);
    m_upright = widest > columnWidth - 4;
    m_longest = std::min(widest, LONGEST);
}

double
ColumnLabels::Height() const
{
    if (!m_scale.HasAxis())
    {
        return 0;
    }
    return 8 + (m_upright ? m_longest : SIZE * LEADING) + 8 + SUBTITLE_SIZE * LEADING;
}

void
ColumnLabels::Draw(Canvas& canvas, double left, double bottom) const
{
    if (!m_scale.HasAxis())
    {
        return;
    }
    const auto& labels = m_scale.Labels();
    // Labels that stand upright need the height of a line each.
    const auto every = m_upright ? static_cast<std::size_t>(std::ceil(SIZE / m_columnWidth)) : 1;
    for (std::size_t i = 0; i < labels.size(); i += every)
    {
        const double x = left + (static_cast<double>(i) + 0.5) * m_columnWidth;
        if (m_upright)
        {
            canvas.Text(x,
                        bottom + 8,
                        Shortened(labels[i], SIZE, LONGEST),
                        {SIZE, Align::Right, "#000000", 90});
        }
        else
        {
            canvas.Text(x, bottom + 8 + SIZE / 2, labels[i], {SIZE, Align::Centre, "#000000", 0});
        }
    }
    const double width = m_columnWidth * static_cast<double>(labels.size());
    canvas.Text(left + width / 2,
                bottom + Height() - SUBTITLE_SIZE * LEADING / 2,
                m_scale.Title(),
                {SUBTITLE_SIZE, Align::Centre, "#000000", 0});
}

double
Widest(const std::vector<std::string>& texts, double size)
{
    double widest = 0;
    for (const std::string& text : texts)
    {
        widest = std::max(widest, WidthOf(text, size));
    }
    return widest;
}

std::string
PerCent(double share)
{
    const auto rounded = std::lround(share * 100);
    if (rounded == 0 && share > 0)
    {
        return "<1";
    }
    if (rounded == 100 && share < 1)
    {
        return ">99";
    }
    return std::to_string(rounded);
}

std::string
ThousandsOf(std::uint64_t count)
{
    std::string digits = std::to_string(count);
    for (std::size_t i = digits.size(); i > 3; i -= 3)
    {
        digits.insert(i - 3, ",");
    }
    return digits;
}

std::string
Counted(std::uint64_t count, const std::string& thing)
{
    return ThousandsOf(count) + " " + thing + (count == 1 ? "" : "s");
}

} // namespace nattlab::figures
