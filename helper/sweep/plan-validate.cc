// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/document.h"
#include "helper/scenario/load.h"
#include "helper/sweep/plan-impl.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace nattlab::sweep
{

namespace
{

using scenario::Json;
using scenario::LoadOptions;
using scenario::Problem;
using scenario::ScenarioErrors;

constexpr std::uint64_t MOST_LOOKED_AT = 10000; //!< for the ends of what was drawn

/** What makes two problems one. */
std::string
KeyOf(const Problem& problem)
{
    return problem.pointer + '\n' + problem.message + '\n' + problem.expected + '\n' +
           problem.found;
}

std::vector<Problem>
ProblemsOf(const Json& document, const LoadOptions& options)
{
    try
    {
        scenario::LoadText(document.dump(-1, ' ', false, Json::error_handler_t::replace), options);
    }
    catch (const ScenarioErrors& errors)
    {
        return errors.Problems();
    }
    return {};
}

/** Loads some points of a plan, and finds out which value is to blame for what is wrong. */
class Trial
{
  public:
    Trial(const SweepFile& sweep, const Sample& sample)
        : m_sweep(sweep),
          m_sample(sample)
    {
    }

    /** \return the combinations that have each value first, and the ends of what was drawn. */
    std::set<std::uint64_t> Choose() const
    {
        std::set<std::uint64_t> numbers{0};
        const auto uses = m_sample.FirstUses(m_sweep.axes);
        for (std::size_t i = 0; i < uses.size(); ++i)
        {
            const bool range = m_sweep.axes[i].range.has_value();
            for (std::size_t value = 0; value < uses[i].size(); ++value)
            {
                const bool end = value == 0 || value + 1 == uses[i].size();
                if (uses[i][value] < m_sample.Size() && (!range || end))
                {
                    numbers.insert(uses[i][value]);
                }
            }
            if (m_sweep.axes[i].Continuous())
            {
                AddEnds(i, numbers);
            }
        }
        return numbers;
    }

    void Add(std::uint64_t number, std::vector<Choice> choices, std::vector<Problem> problems)
    {
        const std::size_t index = m_tried.size();
        for (Problem& problem : problems)
        {
            const std::string key = KeyOf(problem);
            const auto [place, isNew] = m_shown.try_emplace(key);
            place->second.insert(index);
            if (isNew)
            {
                m_problems.push_back(std::move(problem));
            }
        }
        m_tried.push_back({number, std::move(choices)});
    }

    /** \return each problem once, at the value that is to blame; without those of the base. */
    std::vector<Problem> Blame(const std::set<std::string>& ofBase) const
    {
        std::vector<Problem> blamed;
        for (const Problem& problem : m_problems)
        {
            const std::string key = KeyOf(problem);
            if (ofBase.count(key) == 0)
            {
                blamed.push_back(Blame(problem, m_shown.at(key)));
            }
        }
        return blamed;
    }

  private:
    struct Tried
    {
        std::uint64_t number;
        std::vector<Choice> choices;
    };

    /** Add the points at which a continuous axis has its least and its greatest number. */
    void AddEnds(std::size_t axis, std::set<std::uint64_t>& numbers) const
    {
        std::vector<Choice> choices(m_sweep.axes.size());
        std::pair<double, std::uint64_t> least;
        std::pair<double, std::uint64_t> most;
        for (std::uint64_t i = 0; i < std::min(m_sample.Size(), MOST_LOOKED_AT); ++i)
        {
            m_sample.Get(i, choices);
            const std::pair<double, std::uint64_t> here{choices[axis].number, i};
            least = i == 0 ? here : std::min(least, here);
            most = i == 0 ? here : std::max(most, here);
        }
        numbers.insert({least.second, most.second});
    }

    bool PointsInto(const Axis& axis, const Problem& problem) const
    {
        return std::any_of(axis.paths.begin(),
                           axis.paths.end(),
                           [&](const Path& path)
                           {
                               const std::string& own = path.Pointer();
                               return problem.pointer == own ||
                                      problem.pointer.compare(0, own.size() + 1, own + '/') == 0;
                           });
    }

    /** \return whether the problem comes with one value of the axis, always and alone. */
    bool GoesWith(std::size_t axis, const std::set<std::size_t>& shown) const
    {
        if (m_sweep.axes[axis].Continuous())
        {
            return false;
        }
        const std::uint32_t value = m_tried[*shown.begin()].choices[axis].index;
        for (std::size_t i = 0; i < m_tried.size(); ++i)
        {
            if ((m_tried[i].choices[axis].index == value) != (shown.count(i) > 0))
            {
                return false;
            }
        }
        return true;
    }

    /** \return the axis to blame; nothing where values do not go together. */
    std::optional<std::size_t> AxisToBlame(const Problem& problem,
                                           const std::set<std::size_t>& shown) const
    {
        std::optional<std::size_t> pointed;
        std::optional<std::size_t> constant;
        std::optional<std::size_t> single;
        for (std::size_t axis = m_sweep.axes.size(); axis-- > 0;)
        {
            const bool points = PointsInto(m_sweep.axes[axis], problem);
            const bool goes = GoesWith(axis, shown);
            if (goes && points)
            {
                return axis;
            }
            const bool only = m_sweep.axes[axis].entries.size() == 1; // it goes with everything
            constant = goes && !only ? std::optional(axis) : constant;
            single = goes && only ? std::optional(axis) : single;
            pointed = points ? std::optional(axis) : pointed;
        }
        return constant ? constant : pointed ? pointed : single;
    }

    Problem Blame(Problem problem, const std::set<std::size_t>& shown) const
    {
        const std::vector<Choice>& choices = m_tried[*shown.begin()].choices;
        const auto guilty = AxisToBlame(problem, shown);
        std::string names;
        std::string place = "/axes";
        for (std::size_t i = 0; i < m_sweep.axes.size(); ++i)
        {
            const Axis& axis = m_sweep.axes[i];
            if (guilty.value_or(i) == i)
            {
                names += (names.empty() ? "axis \"" : ", axis \"") + axis.name + "\", value \"" +
                         axis.Text(choices[i]) + '"';
            }
            if (guilty == i)
            {
                place = axis.Continuous() ? axis.place + "/range"
                                          : axis.entries[choices[i].index].place;
            }
        }
        for (const std::string& part : {problem.pointer, problem.message})
        {
            names += part.empty() || names.empty() ? part : ": " + part;
        }
        problem.message = names;
        problem.pointer = place;
        m_sweep.document.Locate(problem);
        return problem;
    }

    const SweepFile& m_sweep;
    const Sample& m_sample;
    std::vector<Tried> m_tried;
    std::vector<Problem> m_problems;                      //!< each once
    std::map<std::string, std::set<std::size_t>> m_shown; //!< which trials had it
};

/** \return what is wrong with the base as it stands in its file. */
std::vector<Problem>
ProblemsOfBase(const SweepFile& sweep, const LoadOptions& options)
{
    if (!sweep.baseIsInside)
    {
        try
        {
            scenario::Load(options);
        }
        catch (const ScenarioErrors& errors)
        {
            return errors.Problems();
        }
        return {};
    }
    LoadOptions within = options;
    within.overrides.clear(); // they are in the base
    std::vector<Problem> problems = ProblemsOf(sweep.base, within);
    for (Problem& problem : problems)
    {
        if (problem.file == options.file) // else it is of a preset or an override
        {
            problem.pointer = "/base" + problem.pointer;
            sweep.document.Locate(problem);
        }
    }
    return problems;
}

} // namespace

std::vector<Problem>
Plan::Validate() const
{
    const SweepFile& sweep = m_impl->sweep;
    std::vector<Problem> problems = ProblemsOfBase(sweep, m_impl->options);
    LoadOptions options = m_impl->options;
    options.overrides.clear(); // they are in the base
    std::set<std::string> ofBase;
    for (const Problem& problem : ProblemsOf(sweep.base, options))
    {
        ofBase.insert(KeyOf(problem));
    }
    Trial trial(sweep, m_impl->sample);
    for (const std::uint64_t number : trial.Choose())
    {
        auto choices = m_impl->Choices(number);
        std::vector<Problem> found;
        try
        {
            found = ProblemsOf(m_impl->Build(choices, sweep.seeds.front(), 1), options);
        }
        catch (const ScenarioErrors& errors)
        {
            found = errors.Problems();
        }
        trial.Add(number, std::move(choices), std::move(found));
    }
    for (Problem& problem : trial.Blame(ofBase))
    {
        problems.push_back(std::move(problem));
    }
    return problems;
}

} // namespace nattlab::sweep
