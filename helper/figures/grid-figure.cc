// SPDX-License-Identifier: GPL-2.0-only
#include "helper/figures/canvas.h"
#include "helper/figures/figure.h"
#include "helper/figures/frame.h"

#include <algorithm>
#include <cmath>

namespace nattlab::figures
{

namespace
{

/** The map "cividis" (Nunez, Anderton, Renslow 2018): even steps of lightness, and the same to
 * people with and without colour vision deficiency. */
constexpr const char* CIVIDIS =
    "set palette defined (0 '#00204D', 1 '#00336F', 2 '#39486B', 3 '#575C6D', 4 '#707173', "
    "5 '#8A8779', 6 '#A69D75', 7 '#C4B56C', 8 '#E4CF5B', 9 '#FFEA46')";
constexpr const char* NO_RUN = "fs pattern 4 border rgb '#BBBBBB' fc rgb '#BBBBBB'";

constexpr double LEGEND = 84; //!< width of the colour bar with its labels
constexpr double GAP = 14;    //!< between small multiples
constexpr double HEAD = 20;   //!< above a small multiple
constexpr double WIDEST_CELL = 110;
constexpr double LABEL_SIZE = 11;
constexpr std::size_t MOST_CELLS = 20; //!< with a number in them, in a row or column
constexpr double LEAST_HEIGHT = 150;   //!< of all panels: the colour bar stands beside them

/** Where everything is. */
struct Layout
{
    double width;
    double height;
    std::size_t columns; //!< of panels
    std::size_t rows;
    double left; //!< of the first panel
    double top;
    double cellWidth;
    double cellHeight;
    double stepX; //!< from panel to panel
    double stepY;
    double right; //!< of the last panel
    double bottom;
};

double
AsDouble(std::size_t number)
{
    return static_cast<double>(number);
}

Layout
LayOut(const Grid& grid, const Caption& caption, const Frame& frame, double width)
{
    Layout at{};
    const std::size_t panels = grid.Facet().Size();
    const double nx = AsDouble(grid.X().Size());
    const double ny = AsDouble(grid.Y().Size());
    at.width = width;
    at.columns = panels == 1 ? 1 : panels <= 4 ? 2 : panels <= 9 ? 3 : 4;
    at.rows = (panels + at.columns - 1) / at.columns;
    const double yLabels =
        grid.Y().HasAxis() ? std::min(Widest(grid.Y().Labels(), LABEL_SIZE), width * 0.3) + 36 : 0;
    at.left = Frame::EDGE + yLabels;
    const double head = grid.Facet().HasAxis() ? HEAD : 0;
    at.top = frame.Top() + head;
    const double columns = AsDouble(at.columns);
    const double rows = AsDouble(at.rows);
    const double room = width - at.left - LEGEND - Frame::EDGE - GAP * (columns - 1);
    at.cellWidth = std::min(WIDEST_CELL, std::max(room, 50.0) / columns / nx);
    const ColumnLabels labels(grid.X(), at.cellWidth);
    const double around = at.top + labels.Height() + frame.Foot() + (rows - 1) * (GAP + head);
    at.cellHeight = caption.height > 0 ? std::max((caption.height - around) / rows / ny, 4.0)
                                       : std::clamp(480 / rows / ny, LABEL_SIZE + 5, 34.0);
    if (caption.height <= 0)
    {
        at.cellHeight = std::max(at.cellHeight, LEAST_HEIGHT / rows / ny);
    }
    at.stepX = at.cellWidth * nx + GAP;
    at.stepY = at.cellHeight * ny + GAP + head;
    at.right = at.left + at.stepX * columns - GAP;
    at.bottom = at.top + at.stepY * rows - GAP - head;
    at.height = std::max(caption.height, std::ceil(around + at.cellHeight * rows * ny));
    return at;
}

std::string
TableOf(const Grid& grid)
{
    std::string table = "# x, y and facet count from 0; share is connected / connections\n"
                        "# facet\tx\ty\tconnections\tconnected\tshare\tpercent\tfacet_label\t"
                        "x_label\ty_label\n";
    for (std::size_t facet = 0; facet < grid.Facet().Size(); ++facet)
    {
        for (std::size_t y = 0; y < grid.Y().Size(); ++y)
        {
            for (std::size_t x = 0; x < grid.X().Size(); ++x)
            {
                const Tally& cell = grid.At(facet, y, x);
                const bool ran = cell.connections > 0;
                table += std::to_string(facet) + "\t" + std::to_string(x) + "\t" +
                         std::to_string(y) + "\t" + std::to_string(cell.connections) + "\t" +
                         std::to_string(cell.connected) + "\t" +
                         (ran ? Number(cell.Share()) : "NaN") + "\t" +
                         (ran ? PerCent(cell.Share()) : "-") + "\t" +
                         Plain(grid.Facet().Labels()[facet]) + "\t" + Plain(grid.X().Labels()[x]) +
                         "\t" + Plain(grid.Y().Labels()[y]) + "\n";
            }
        }
    }
    return table;
}

/** \return whether there is a cell without connections. */
bool
HasGaps(const Grid& grid)
{
    for (std::size_t facet = 0; facet < grid.Facet().Size(); ++facet)
    {
        for (std::size_t y = 0; y < grid.Y().Size(); ++y)
        {
            for (std::size_t x = 0; x < grid.X().Size(); ++x)
            {
                if (grid.At(facet, y, x).connections == 0)
                {
                    return true;
                }
            }
        }
    }
    return false;
}

/** \return the row of a value from the top: numbers grow upwards, texts are read downwards. */
double
RowOf(const Scale& y, std::size_t place)
{
    return AsDouble(y.Numeric() ? y.Size() - 1 - place : place);
}

void
DrawLabels(Canvas& canvas, const Grid& grid, const Layout& at)
{
    const ColumnLabels columnLabels(grid.X(), at.cellWidth);
    const std::size_t panels = grid.Facet().Size();
    for (std::size_t panel = 0; panel < panels; ++panel)
    {
        const double left = at.left + AsDouble(panel % at.columns) * at.stepX;
        const double top = at.top + AsDouble(panel / at.columns) * at.stepY;
        const double bottom = top + at.cellHeight * AsDouble(grid.Y().Size());
        if (grid.Facet().HasAxis())
        {
            const std::string text = grid.Facet().Title() + ": " + grid.Facet().Labels()[panel];
            canvas.Text(left,
                        top - HEAD / 2,
                        Shortened(text, LABEL_SIZE, at.stepX - GAP),
                        {LABEL_SIZE, Align::Left, "#000000", 0});
        }
        if (panel + at.columns >= panels)
        {
            columnLabels.Draw(canvas, left, bottom);
        }
        if (panel % at.columns != 0 || !grid.Y().HasAxis())
        {
            continue;
        }
        const double room = at.left - Frame::EDGE - 36;
        for (std::size_t y = 0; y < grid.Y().Size(); ++y)
        {
            canvas.Text(left - 8,
                        top + (RowOf(grid.Y(), y) + 0.5) * at.cellHeight,
                        Shortened(grid.Y().Labels()[y], LABEL_SIZE, room),
                        {std::min(LABEL_SIZE, at.cellHeight), Align::Right, "#000000", 0});
        }
    }
    if (grid.Y().HasAxis())
    {
        canvas.Text(Frame::EDGE + 8,
                    (at.top + at.bottom) / 2,
                    grid.Y().Title(),
                    {12, Align::Centre, "#000000", 90});
    }
}

void
DrawLegend(Canvas& canvas, const Layout& at, bool gaps)
{
    const double left = at.right + 18;
    const double bottom = at.bottom - (gaps ? 34 : 0);
    const double height = std::min(bottom - at.top, 260.0);
    canvas.Command("set colorbox user origin screen " + Number(left / at.width) + ", screen " +
                   Number(1 - (at.top + height) / at.height) + " size screen " +
                   Number(14 / at.width) + ", screen " + Number(height / at.height) +
                   " noborder\nset cbrange [0:1]\nunset cbtics");
    for (int tick = 0; tick <= 4; ++tick)
    {
        canvas.Text(left + 20,
                    at.top + height * (4 - tick) / 4,
                    std::to_string(tick * 25) + " %",
                    {10, Align::Left, "#000000", 0});
    }
    if (gaps)
    {
        const double top = at.top + height + 16;
        canvas.Box(left, top, left + 14, top + 14, NO_RUN);
        canvas.Text(left + 20, top + 7, "no run", {10, Align::Left, "#000000", 0});
    }
}

/** The plot has the whole canvas, and pixels for coordinates. */
void
DrawCells(Canvas& canvas, const Grid& grid, const Layout& at, const std::string& file, bool gaps)
{
    const auto cells = [](const std::string& when, double inset)
    {
        const std::string in = Number(inset);
        return " using (" + when + " ? cx($1, $2) : NaN):(cy($1, $3)):(cx($1, $2) - CW / 2 + " +
               in + "):(cx($1, $2) + CW / 2 - " + in + "):(cy($1, $3) - CH / 2 + " + in +
               "):(cy($1, $3) + CH / 2 - " + in + ")";
    };
    canvas.Margins(0, 0, at.width, at.height);
    canvas.Command("unset border\nunset tics\nunset key\nset xrange [0:" + Number(at.width) +
                   "]\nset yrange [" + Number(at.height) + ":0]\nset datafile separator tab");
    canvas.Command(CIVIDIS);
    canvas.Command(
        "CW = " + Number(at.cellWidth) + "\nCH = " + Number(at.cellHeight) +
        "\nrow(j) = " + (grid.Y().Numeric() ? std::to_string(grid.Y().Size() - 1) + " - j" : "j") +
        "\ncx(f, i) = " + Number(at.left) + " + (int(f) % " + std::to_string(at.columns) + ") * " +
        Number(at.stepX) + " + (i + 0.5) * CW\ncy(f, j) = " + Number(at.top) + " + (int(f) / " +
        std::to_string(at.columns) + ") * " + Number(at.stepY) + " + (row(j) + 0.5) * CH");
    std::string plot = "plot " + Quoted(file) + cells("$4 > 0", 0.5) +
                       ":6 with boxxyerror fs solid 1 noborder lc palette";
    if (gaps)
    {
        plot += ", \\\n     " + Quoted(file) + cells("$4 == 0", 1.5) + " with boxxyerror " + NO_RUN;
    }
    const bool few = grid.X().Size() <= MOST_CELLS && grid.Y().Size() <= MOST_CELLS;
    const double size = std::min({11.0, at.cellHeight - 3, at.cellWidth / 2.1});
    if (few && size >= 6)
    {
        plot += ", \\\n     " + Quoted(file) +
                " using ($4 > 0 ? cx($1, $2) : NaN):(cy($1, $3)):7:($6 < 0.45 ? 0xFFFFFF : 0) "
                "with labels center font '," +
                Number(size) + "' tc rgb variable";
    }
    if (gaps && few && at.cellWidth >= 44 && at.cellHeight >= 14)
    {
        plot += ", \\\n     " + Quoted(file) +
                " using ($4 == 0 ? cx($1, $2) : NaN):(cy($1, $3)):('no run') with labels center "
                "font ',9' tc rgb '#555555'";
    }
    canvas.Command(plot);
}

} // namespace

Figure
GridFigure(const Grid& grid, const Caption& caption)
{
    const double width = caption.width > 0 ? caption.width : 800;
    const Frame frame(caption, "Connections that come up, in per cent", {}, width);
    const Layout at = LayOut(grid, caption, frame, width);
    const bool gaps = HasGaps(grid);
    const std::string file = caption.stem + ".tsv";
    Canvas canvas(at.width, at.height);
    frame.Draw(canvas);
    DrawLabels(canvas, grid, at);
    DrawLegend(canvas, at, gaps);
    DrawCells(canvas, grid, at, file, gaps);
    return {caption.stem, at.width, at.height, canvas.Script(), TableOf(grid)};
}

} // namespace nattlab::figures
