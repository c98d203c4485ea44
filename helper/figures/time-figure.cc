// SPDX-License-Identifier: GPL-2.0-only
#include "helper/figures/canvas.h"
#include "helper/figures/figure.h"
#include "helper/figures/frame.h"
#include "helper/figures/palette.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nattlab::figures
{

namespace
{

constexpr double AXIS = 62;  //!< width of the labels at the left
constexpr double UNDER = 56; //!< height of the labels below
constexpr double PLOT_HEIGHT = 340;
constexpr double SAMPLE = 34; //!< length of a line in the legend
constexpr double LEGEND_SIZE = 11;
constexpr double LEGEND_WIDTH = 190; //!< at most, beside the lines
constexpr double LEGEND_LINE = 15;

/** The part of time that is shown, in seconds. */
struct Span
{
    double from;
    double to;
};

Span
SpanOf(const TimeCurves& curves)
{
    if (curves.times.empty())
    {
        return {0, 1};
    }
    const double last = curves.times.back();
    if (curves.logarithmic)
    {
        return {curves.times.front() / 1.3, last * 1.3};
    }
    return {0, last > 0 ? last * 1.05 : 1};
}

LineLook
LookOf(const TimeCurves& curves, std::size_t curve)
{
    return curves.by.HasAxis() ? LINES[curve % LINES.size()] : LineLook{CONNECTED_COLOUR.area, "1"};
}

/** The curve as steps take it: from the left end of the plot to the right one. */
struct Steps
{
    std::vector<double> time;
    std::vector<double> share;
    std::vector<double> low;
    std::vector<double> high;
};

Steps
StepsOf(const TimeCurves& curves, const TimeCurve& curve, const Span& span)
{
    const bool dkw = curves.band == BandKind::Dkw;
    Steps steps{{span.from}, {0}, {0}, {dkw ? std::min(DkwHalfWidth(curve.connections), 1.0) : 0}};
    if (!curves.times.empty() && curves.times.front() == span.from)
    {
        steps = {};
    }
    steps.time.insert(steps.time.end(), curves.times.begin(), curves.times.end());
    steps.share.insert(steps.share.end(), curve.share.begin(), curve.share.end());
    steps.low.insert(steps.low.end(), curve.low.begin(), curve.low.end());
    steps.high.insert(steps.high.end(), curve.high.begin(), curve.high.end());
    steps.time.push_back(span.to);
    steps.share.push_back(steps.share.back());
    steps.low.push_back(steps.low.back());
    steps.high.push_back(steps.high.back());
    return steps;
}

/** One block for each curve, with the corners of its steps. */
std::string
TableOf(const TimeCurves& curves, const Span& span)
{
    std::string table = "# a block for each curve; two rows for a time: before its step and after\n"
                        "# seconds\tshare\tlow\thigh\tcurve; shares are per cent of connections\n";
    for (std::size_t curve = 0; curve < curves.curves.size(); ++curve)
    {
        const TimeCurve& one = curves.curves[curve];
        const Steps steps = StepsOf(curves, one, span);
        const std::string name = Plain(one.label);
        const auto row = [&](std::size_t time, std::size_t value)
        {
            table += Number(steps.time[time]) + "\t" + Number(100 * steps.share[value]) + "\t" +
                     Number(100 * steps.low[value]) + "\t" + Number(100 * steps.high[value]) +
                     "\t" + name + "\n";
        };
        table += (curve == 0 ? "" : "\n\n");
        for (std::size_t i = 0; i < steps.time.size(); ++i)
        {
            if (i > 0)
            {
                row(i, i - 1);
            }
            row(i, i);
        }
    }
    return table;
}

/** \return ticks of a logarithmic axis: at 1, 2, 5, 10, 20, 50... or fewer, as there is place. */
std::string
LogarithmicTicks(const Span& span, double width)
{
    constexpr double PLACE = 42; // pixels for a label
    constexpr std::array<double, 3> LEADS{1, 2, 5};
    const double decades = std::log10(span.to / span.from);
    const bool all = width >= PLACE * decades * LEADS.size();
    const int every = std::max(1, static_cast<int>(std::ceil(PLACE * decades / width)));
    std::string ticks;
    for (int power = -9; power <= 9; ++power)
    {
        for (const double lead : LEADS)
        {
            const double at = lead * std::pow(10, power);
            const bool wanted = all || (lead == 1 && power % every == 0);
            if (at >= span.from && at <= span.to && wanted)
            {
                ticks += (ticks.empty() ? "" : ", ") + Number(at);
            }
        }
    }
    return "set logscale x\nset xtics (" + ticks + ") nomirror out";
}

class Legend
{
  public:
    explicit Legend(const TimeCurves& curves)
        : m_curves(curves)
    {
        if (curves.by.HasAxis())
        {
            m_title = Wrapped(curves.by.Title(), LEGEND_SIZE, LEGEND_WIDTH + SAMPLE);
        }
        for (const TimeCurve& curve : curves.curves)
        {
            m_lines.push_back(Wrapped(curve.label, LEGEND_SIZE, LEGEND_WIDTH));
            const double share =
                static_cast<double>(curve.connected) / static_cast<double>(curve.connections);
            m_lines.back().push_back(PerCent(share) + " % of " +
                                     Counted(curve.connections, "connection"));
            m_width = std::max(m_width, Widest(m_lines.back(), LEGEND_SIZE));
        }
        m_width = std::max(SAMPLE + 8 + m_width, Widest(m_title, LEGEND_SIZE));
    }

    double Width() const
    {
        return m_width;
    }

    double Height() const
    {
        double lines = static_cast<double>(m_title.size());
        for (const auto& one : m_lines)
        {
            lines += static_cast<double>(one.size()) + 0.5;
        }
        return lines * LEGEND_LINE;
    }

    void Draw(Canvas& canvas, double left, double top) const
    {
        double y = top + LEGEND_LINE / 2;
        for (const std::string& line : m_title)
        {
            canvas.Text(left, y, line, {LEGEND_SIZE, Align::Left, "#000000", 0});
            y += LEGEND_LINE;
        }
        for (std::size_t curve = 0; curve < m_lines.size(); ++curve)
        {
            const LineLook look = LookOf(m_curves, curve);
            const std::string colour = look.colour;
            canvas.Box(left,
                       y - 5,
                       left + SAMPLE,
                       y + 5,
                       "fs transparent solid 0.2 noborder fc rgb '" + colour + "'");
            canvas.Line(
                left, y, left + SAMPLE, y, "lc rgb '" + colour + "' lw 2 dt " + look.dashes);
            for (std::size_t i = 0; i < m_lines[curve].size(); ++i)
            {
                const bool last = i + 1 == m_lines[curve].size();
                canvas.Text(left + SAMPLE + 8,
                            y,
                            m_lines[curve][i],
                            {last ? LEGEND_SIZE - 1.5 : LEGEND_SIZE,
                             Align::Left,
                             last ? "#555555" : "#000000",
                             0});
                y += LEGEND_LINE;
            }
            y += LEGEND_LINE / 2;
        }
    }

  private:
    const TimeCurves& m_curves;
    std::vector<std::string> m_title;
    std::vector<std::vector<std::string>> m_lines;
    double m_width{0};
};

std::vector<std::string>
NotesOf(const TimeCurves& curves)
{
    std::string note;
    if (curves.band == BandKind::Dkw)
    {
        note = "Bands: 95 % confidence for each whole curve (Dvoretzky-Kiefer-Wolfowitz), taking "
               "connections as independent; too few replicates for a bootstrap.";
    }
    else
    {
        const bool groups = curves.replicates > TimeCollector::GROUPS;
        note = "Bands: 95 % confidence at each time, bootstrap over " +
               std::to_string(std::min(curves.replicates, TimeCollector::GROUPS)) +
               (groups ? " groups of replicates" : " replicates") + " (seeds), " +
               std::to_string(TimeCollector::RESAMPLES) + " samples.";
    }
    if (curves.thinned)
    {
        note += " Curves are exact at " + std::to_string(curves.times.size()) + " times.";
    }
    return {note};
}

std::string
PlotOf(const TimeCurves& curves, const std::string& file)
{
    std::string bands;
    std::string lines;
    for (std::size_t curve = 0; curve < curves.curves.size(); ++curve)
    {
        const LineLook look = LookOf(curves, curve);
        const std::string colour = look.colour;
        const std::string block = Quoted(file) + " index " + std::to_string(curve);
        bands += block +
                 " using 1:3:4 with filledcurves fs transparent solid 0.2 noborder fc rgb '" +
                 colour + "', \\\n     ";
        lines += (curve == 0 ? "" : ", \\\n     ") + block + " using 1:2 with lines lw 2 dt " +
                 look.dashes + " lc rgb '" + colour + "'";
    }
    return "plot " + bands + lines;
}

} // namespace

Figure
TimeFigure(const TimeCurves& curves, const Caption& caption)
{
    const Legend legend(curves);
    const Span span = SpanOf(curves);
    const double width = caption.width > 0 ? caption.width : 800;
    const Frame frame(caption,
                      "Connections that are up after a time, of all connections",
                      NotesOf(curves),
                      width);
    const double beside = frame.Top() + UNDER + frame.Foot();
    // The legend has its place, whatever height is asked for.
    const double plotHeight =
        std::max(caption.height > 0 ? caption.height - beside : PLOT_HEIGHT, legend.Height());
    const double height = std::ceil(beside + plotHeight);

    const double left = Frame::EDGE + AXIS;
    const double right = std::max(width - Frame::EDGE - legend.Width() - 24, left + 60);
    const double bottom = frame.Top() + plotHeight;
    Canvas canvas(width, height);
    frame.Draw(canvas);
    legend.Draw(canvas, right + 24, frame.Top());
    canvas.Text(Frame::EDGE + 8,
                (frame.Top() + bottom) / 2,
                "connections (%)",
                {12, Align::Centre, "#000000", 90});
    canvas.Text((left + right) / 2,
                bottom + UNDER - 10,
                "time from dialling to connected (s)",
                {12, Align::Centre, "#000000", 0});
    canvas.Margins(left, frame.Top(), right, bottom);
    canvas.Command(
        "unset key\nset border 3 lc rgb '#444444'\nset ytics 20 nomirror out\n"
        "set xtics nomirror out\nset format '%g'\nset grid lt 1 lc rgb '#DDDDDD' lw 0.7 dt 1\n"
        "set datafile separator tab");
    if (curves.logarithmic)
    {
        canvas.Command(LogarithmicTicks(span, right - left));
    }
    canvas.Command("set xrange [" + Number(span.from) + ":" + Number(span.to) +
                   "]\nset yrange [0:100]");
    canvas.Command(PlotOf(curves, caption.stem + ".tsv"));
    return {caption.stem, width, height, canvas.Script(), TableOf(curves, span)};
}

} // namespace nattlab::figures
