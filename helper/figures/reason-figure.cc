// SPDX-License-Identifier: GPL-2.0-only
#include "helper/figures/canvas.h"
#include "helper/figures/figure.h"
#include "helper/figures/frame.h"
#include "helper/figures/palette.h"

#include <algorithm>
#include <cmath>

namespace nattlab::figures
{

namespace
{

constexpr double AXIS = 62; //!< width of the labels at the left
constexpr double LEGEND_SIZE = 11;
constexpr double LEGEND_WIDTH = 230; //!< at most, beside the boxes
constexpr double LEGEND_BOX = 18;
constexpr double LEGEND_LINE = 15;
constexpr double LEAST_BAR = 16; //!< pixels from bar to bar
constexpr double WIDEST_BAR = 90;
constexpr double PLOT_HEIGHT = 320;
constexpr double FILLED = 0.8; //!< of the distance from bar to bar

AreaColour
ColourOf(const ReasonBars& bars, std::size_t end)
{
    if (end == 0)
    {
        return CONNECTED_COLOUR;
    }
    const bool other = bars.ends[end] == "other" || end > REASON_COLOURS.size();
    return other ? OTHER_COLOUR : REASON_COLOURS[end - 1];
}

/** \return the letter that stands for an end, in bars and legend. */
std::string
LetterOf(std::size_t end)
{
    return std::string(1, static_cast<char>('A' + end));
}

std::string
TableOf(const ReasonBars& bars)
{
    std::string table = "# bar and end count from 0; from and to are per cent of the bar\n"
                        "# bar\tend\tconnections\tall\tfrom\tto\tletter\tbar_label\tend_label\n";
    for (std::size_t bar = 0; bar < bars.counts.size(); ++bar)
    {
        const std::uint64_t total = bars.Total(bar);
        std::uint64_t below = 0;
        for (std::size_t end = 0; end < bars.ends.size(); ++end)
        {
            const std::uint64_t count = bars.counts[bar][end];
            const auto perCent = [total](std::uint64_t part)
            {
                return total == 0
                           ? "NaN"
                           : Number(100 * static_cast<double>(part) / static_cast<double>(total));
            };
            table += std::to_string(bar) + "\t" + std::to_string(end) + "\t" +
                     std::to_string(count) + "\t" + std::to_string(total) + "\t" + perCent(below) +
                     "\t" + perCent(below + count) + "\t" + LetterOf(end) + "\t" +
                     Plain(bars.x.Labels()[bar]) + "\t" + Plain(bars.ends[end]) + "\n";
            below += count;
        }
    }
    return table;
}

/** The ends with their colours, in the order in which they lie on each other. */
class Legend
{
  public:
    explicit Legend(const ReasonBars& bars)
        : m_bars(bars)
    {
        for (const std::string& end : bars.ends)
        {
            m_lines.push_back(Wrapped(end, LEGEND_SIZE, LEGEND_WIDTH));
            m_width = std::max(m_width, Widest(m_lines.back(), LEGEND_SIZE));
        }
    }

    double Width() const
    {
        return LEGEND_BOX + 8 + m_width;
    }

    double Height() const
    {
        double height = 0;
        for (const auto& lines : m_lines)
        {
            height += HeightOf(lines);
        }
        return height;
    }

    void Draw(Canvas& canvas, double left, double top) const
    {
        for (std::size_t end = m_bars.ends.size(); end-- > 0;)
        {
            const AreaColour colour = ColourOf(m_bars, end);
            const std::string area = colour.area;
            canvas.Box(left,
                       top,
                       left + LEGEND_BOX,
                       top + LEGEND_BOX,
                       "fs solid 1 noborder fc rgb '" + area + "'");
            canvas.Text(left + LEGEND_BOX / 2,
                        top + LEGEND_BOX / 2,
                        LetterOf(end),
                        {10, Align::Centre, colour.text, 0});
            double y = top + LEGEND_BOX / 2;
            for (const std::string& line : m_lines[end])
            {
                canvas.Text(
                    left + LEGEND_BOX + 8, y, line, {LEGEND_SIZE, Align::Left, "#000000", 0});
                y += LEGEND_LINE;
            }
            top += HeightOf(m_lines[end]);
        }
    }

  private:
    static double HeightOf(const std::vector<std::string>& lines)
    {
        return LEGEND_BOX + 6 + LEGEND_LINE * static_cast<double>(lines.size() - 1);
    }

    const ReasonBars& m_bars;
    std::vector<std::vector<std::string>> m_lines;
    double m_width{0};
};

std::string
PlotOf(const ReasonBars& bars, const std::string& file, double barWidth, double height)
{
    std::string plot = "plot ";
    for (std::size_t end = 0; end < bars.ends.size(); ++end)
    {
        const AreaColour colour = ColourOf(bars, end);
        const std::string chosen = "($2 == " + std::to_string(end);
        const std::string half = Number(FILLED / 2);
        plot += (end == 0 ? "" : ", \\\n     ") + Quoted(file) + " using " + chosen +
                " && $3 > 0 ? $1 : NaN):($6):($1 - " + half + "):($1 + " + half +
                "):5:6 with boxxyerror fs solid 1 border rgb '#FFFFFF' fc rgb '" + colour.area +
                "'";
        if (barWidth * FILLED < 10)
        {
            continue;
        }
        const double least = 100 * 12 / height; // per cent that a letter is high
        plot += ", \\\n     " + Quoted(file) + " using " + chosen + " && $6 - $5 > " +
                Number(least) +
                " ? $1 : NaN):(($5 + $6) / 2):7 with labels center font ',9' "
                "tc rgb '" +
                colour.text + "'";
    }
    return plot;
}

} // namespace

Figure
ReasonFigure(const ReasonBars& bars, const Caption& caption)
{
    const Legend legend(bars);
    const double count = static_cast<double>(bars.x.Size());
    const double around = Frame::EDGE + AXIS + 20 + legend.Width() + Frame::EDGE;
    const double width =
        caption.width > 0 ? caption.width : std::max(800.0, std::ceil(around + count * LEAST_BAR));
    const double barWidth = std::min(WIDEST_BAR, std::max(width - around, 60.0) / count);
    const Frame frame(caption, "What becomes of connections", {}, width);
    const ColumnLabels labels(bars.x, barWidth);
    const double beside = frame.Top() + labels.Height() + frame.Foot();
    // The legend has its place, whatever height is asked for.
    const double plotHeight =
        std::max(caption.height > 0 ? caption.height - beside : PLOT_HEIGHT, legend.Height());
    const double height = std::ceil(beside + plotHeight);

    const double left = Frame::EDGE + AXIS;
    const double right = left + barWidth * count;
    const double bottom = frame.Top() + plotHeight;
    Canvas canvas(width, height);
    frame.Draw(canvas);
    labels.Draw(canvas, left, bottom);
    legend.Draw(canvas, right + 20, frame.Top());
    canvas.Text(Frame::EDGE + 8,
                (frame.Top() + bottom) / 2,
                "connections (%)",
                {12, Align::Centre, "#000000", 90});
    canvas.Margins(left, frame.Top(), right, bottom);
    canvas.Command("unset key\nset border 3 lc rgb '#444444'\nunset xtics\n"
                   "set ytics 20 nomirror out\nset format '%g'\nset xrange [-0.5:" +
                   Number(count - 0.5) + "]\nset yrange [0:100]\nset datafile separator tab");
    canvas.Command(PlotOf(bars, caption.stem + ".tsv", barWidth, plotHeight));
    return {caption.stem, width, height, canvas.Script(), TableOf(bars)};
}

} // namespace nattlab::figures
