// SPDX-License-Identifier: GPL-2.0-only
#include "helper/figures/plot.h"

#include "helper/figures/frame.h"
#include "helper/figures/survey.h"
#include "helper/store/filter.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>

namespace nattlab::figures
{

namespace
{

constexpr std::size_t MOST_FACETS = 12;
constexpr std::size_t MOST_CURVES = 8;

/** Makes figures in two passes over the points: one to choose axes, one to count. */
class Plotter
{
  public:
    Plotter(const store::Reader& reader, const PlotOptions& options)
        : m_reader(reader),
          m_options(options),
          m_survey(reader.Identity())
    {
        reader.ForEach(m_options.filter,
                       [this](const store::PointRow& point) { m_survey.Add(point); });
        if (m_survey.Connections().connections == 0)
        {
            throw BadRequest(options.filter.AdmitsAll() ? "the results have no connections"
                                                        : "--where: no connection is like that");
        }
    }

    std::vector<Figure> Figures() const
    {
        std::optional<Grid> grid;
        std::optional<ReasonCounter> reasons;
        std::optional<TimeCollector> times;
        for (const Kind kind : m_options.kinds)
        {
            switch (kind)
            {
            case Kind::Grid:
                grid.emplace(EmptyGrid());
                break;
            case Kind::Reasons:
                reasons.emplace(
                    m_survey.ScaleOf(OneAxis(m_options.x, "--x", MOST_VALUES), MOST_VALUES, "--x"));
                break;
            case Kind::Time:
                times.emplace(m_survey.ScaleOf(
                    OneAxis(m_options.by, "--by", MOST_CURVES), MOST_CURVES, "--by"));
                break;
            }
        }
        m_reader.ForEach(m_options.filter,
                         [&](const store::PointRow& point)
                         {
                             grid ? grid->Add(point) : void();
                             reasons ? reasons->Add(point) : void();
                             times ? times->Add(point) : void();
                         });
        std::vector<Figure> figures;
        for (const Kind kind : m_options.kinds)
        {
            const Caption caption = CaptionOf(kind);
            figures.push_back(kind == Kind::Grid ? GridFigure(*grid, caption)
                              : kind == Kind::Reasons
                                  ? ReasonFigure(reasons->Bars(m_options.reasons), caption)
                                  : TimeFigure(times->Curves(), caption));
        }
        return figures;
    }

    /** \return what stands at the foot of every figure, and at the head of its script. */
    std::vector<std::string> Notes() const
    {
        const store::SweepIdentity& identity = m_reader.Identity();
        constexpr std::size_t PREFIX = 12; // digits that tell one sweep from another
        std::string about = "nattlab " + identity.version;
        if (identity.version != m_options.version)
        {
            about += " (drawn by " + m_options.version + ")";
        }
        about += "; sweep \"" + identity.title + "\", " + identity.sweep.substr(0, PREFIX) + "; ";
        const bool all = m_survey.Points() == identity.points;
        about += all ? "" : ThousandsOf(m_survey.Points()) + " of ";
        about += Counted(identity.points, "point") + ", " +
                 Counted(m_survey.Connections().connections, "connection");
        if (m_survey.NotRun() > 0)
        {
            about += "; " + Counted(m_survey.NotRun(), "point") + " could not be run";
        }
        return {"$ " + m_options.command, about};
    }

  private:
    /** \return the axis of a figure that has one: as asked for, or the one with most effect. */
    std::optional<std::size_t>
    OneAxis(const std::string& name, const std::string& use, std::size_t most) const
    {
        if (name == "-")
        {
            return std::nullopt;
        }
        return name.empty() ? m_survey.Strongest({}, most)
                            : std::optional(m_survey.Find(name, use));
    }

    Grid EmptyGrid() const
    {
        std::optional<std::size_t> x;
        std::optional<std::size_t> y;
        std::optional<std::size_t> facet;
        std::vector<std::size_t> taken;
        const auto find = [&](const std::string& name, const char* use, auto& axis)
        {
            if (name.empty())
            {
                return;
            }
            axis = m_survey.Find(name, use);
            if (std::find(taken.begin(), taken.end(), *axis) != taken.end())
            {
                throw BadRequest(std::string(use) + ": axis \"" + name + "\" is taken already");
            }
            taken.push_back(*axis);
        };
        find(m_options.x, "--x", x);
        find(m_options.y, "--y", y);
        find(m_options.facet, "--facet", facet);
        const auto choose = [&](auto& axis)
        {
            axis = axis ? axis : m_survey.Strongest(taken, MOST_VALUES);
            if (axis)
            {
                taken.push_back(*axis);
            }
        };
        const bool free = !x && !y;
        choose(x);
        choose(y);
        // Texts are easier to read at the left, and numbers grow to the right.
        const auto rank = [this](std::size_t axis)
        { return std::pair(m_survey.Axis(axis).Numeric(), axis); };
        if (free && x && y && rank(*y) > rank(*x))
        {
            std::swap(x, y);
        }
        return {m_survey.ScaleOf(x, MOST_VALUES, "--x"),
                m_survey.ScaleOf(y, MOST_VALUES, "--y"),
                m_survey.ScaleOf(facet, MOST_FACETS, "--facet")};
    }

    Caption CaptionOf(Kind kind) const
    {
        return {m_options.title.empty() ? m_reader.Identity().title : m_options.title,
                Notes(),
                m_options.width,
                m_options.height,
                m_options.stem.empty() ? NameOf(kind) : m_options.stem};
    }

    const store::Reader& m_reader;
    const PlotOptions& m_options;
    Survey m_survey;
};

} // namespace

const char*
NameOf(Kind kind)
{
    switch (kind)
    {
    case Kind::Grid:
        return "grid";
    case Kind::Reasons:
        return "reasons";
    case Kind::Time:
        return "time";
    }
    return "";
}

PlotResult
Plot(const store::Reader& reader, const PlotOptions& options)
{
    const Plotter plotter(reader, options);
    const std::vector<Figure> figures = plotter.Figures();
    std::error_code error;
    std::filesystem::create_directories(options.directory, error);
    if (error)
    {
        throw std::runtime_error(options.directory + ": cannot be made: " + error.message());
    }
    PlotResult result;
    for (const Figure& figure : figures)
    {
        result.warnings += Draw(figure, options.formats, plotter.Notes(), options.directory);
        for (const Format format : options.formats)
        {
            const auto path =
                std::filesystem::path(options.directory) / (figure.stem + "." + EndingOf(format));
            result.files.push_back(path.string());
        }
    }
    return result;
}

} // namespace nattlab::figures
