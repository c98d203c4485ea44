// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/plan.h"

#include "helper/sweep/axis-quantity.h"
#include "helper/sweep/plan-impl.h"
#include "model/crypto/hash.h"

#include <stdexcept>
#include <utility>

namespace nattlab::sweep
{

namespace
{

using scenario::Json;
using scenario::Problem;
using scenario::ScenarioErrors;

std::string
Sha256Text(const std::string& text)
{
    constexpr const char* DIGITS = "0123456789abcdef";
    std::string digits;
    for (const std::uint8_t byte :
         crypto::Sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}))
    {
        digits += DIGITS[byte >> 4];
        digits += DIGITS[byte & 0xF];
    }
    return digits;
}

AxisInfo
InfoOf(const Axis& axis)
{
    AxisInfo info;
    info.name = axis.name;
    info.unit = axis.unit;
    for (const Path& path : axis.paths)
    {
        info.pointers.push_back(path.Pointer());
    }
    info.values = axis.entries.size();
    info.continuous = axis.Continuous();
    for (const AxisEntry& entry : axis.entries)
    {
        info.labels.push_back(entry.label);
    }
    info.first =
        info.continuous ? axis.range->Label(axis.range->From()) : axis.entries.front().label;
    info.last = info.continuous ? axis.range->Label(axis.range->To()) : axis.entries.back().label;
    return info;
}

} // namespace

Plan::Impl::Impl(SweepFile file, scenario::LoadOptions loadOptions)
    : sweep(std::move(file)),
      options(std::move(loadOptions))
{
    std::string refusal;
    sample = Sample(sweep.axes, sweep.groups, sweep.sampling, sweep.when, refusal);
    if (refusal.empty() && sample.Size() > Sample::MOST_KEPT / sweep.seeds.size())
    {
        refusal = "more than " + std::to_string(Sample::MOST_KEPT) +
                  " points with their replicates; make several sweeps of it";
    }
    if (!refusal.empty())
    {
        Problem problem;
        problem.pointer = sweep.document.value.contains("axes") ? "/axes" : "";
        problem.message = refusal;
        sweep.document.Locate(problem);
        throw ScenarioErrors({problem});
    }
    for (const Axis& axis : sweep.axes)
    {
        axes.push_back(InfoOf(axis));
    }
    hash = Sha256Text(sweep.resolved);
    options.file = sweep.baseFile;
}

std::vector<Choice>
Plan::Impl::Choices(std::uint64_t number) const
{
    std::vector<Choice> choices(sweep.axes.size());
    sample.Get(number, choices);
    return choices;
}

Json
Plan::Impl::Build(const std::vector<Choice>& choices,
                  std::uint64_t seed,
                  std::uint64_t replicate) const
{
    Json document = sweep.base;
    const auto fail = [&](Problem problem, const std::string& what)
    {
        problem.file = sweep.document.file;
        problem.message = what + ": " + problem.pointer + ": " + problem.message;
        problem.pointer.clear();
        throw ScenarioErrors({problem});
    };
    for (std::size_t i = 0; i < choices.size(); ++i)
    {
        const Axis& axis = sweep.axes[i];
        if (const auto problem = axis.Apply(document, choices[i]))
        {
            fail(*problem, "axis \"" + axis.name + "\", value \"" + axis.Text(choices[i]) + '"');
        }
    }
    for (const Derivation& derivation : sweep.derivations)
    {
        if (const auto problem = derivation.Apply(document, sweep.axes, choices, seed, replicate))
        {
            fail(*problem, derivation.Place());
        }
    }
    document["seed"] = seed;
    return document;
}

Plan::Plan(std::shared_ptr<const Impl> impl)
    : m_impl(std::move(impl))
{
}

Plan
Plan::Read(const std::string& file, const scenario::LoadOptions& options)
{
    std::vector<Problem> problems;
    const auto text = scenario::ReadText(file, problems);
    if (!text)
    {
        throw ScenarioErrors(problems);
    }
    return ReadText(*text, file, options);
}

Plan
Plan::ReadText(const std::string& text,
               const std::string& file,
               const scenario::LoadOptions& options)
{
    return Plan(std::make_shared<Impl>(ReadSweep(text, file, options), options));
}

Plan
Plan::FromDocument(const std::string& resolved, const scenario::LoadOptions& options)
{
    return ReadText(resolved, options.file, options);
}

const std::string&
Plan::Title() const
{
    return m_impl->sweep.title;
}

const std::vector<AxisInfo>&
Plan::Axes() const
{
    return m_impl->axes;
}

std::uint64_t
Plan::Combinations() const
{
    return m_impl->sample.Combinations();
}

std::uint64_t
Plan::Kept() const
{
    return m_impl->sample.Size();
}

std::uint64_t
Plan::Replicates() const
{
    return m_impl->sweep.seeds.size();
}

std::uint64_t
Plan::Size() const
{
    return Kept() * Replicates();
}

Point
Plan::At(store::PointId id) const
{
    if (id == 0 || id > Size())
    {
        throw std::out_of_range("the sweep has points 1 to " + std::to_string(Size()) + ", not " +
                                std::to_string(id));
    }
    Point point;
    point.id = id;
    point.replicate = (id - 1) % Replicates() + 1;
    point.seed = m_impl->sweep.seeds[point.replicate - 1];
    const auto choices = m_impl->Choices((id - 1) / Replicates());
    for (std::size_t i = 0; i < choices.size(); ++i)
    {
        point.values.push_back(m_impl->sweep.axes[i].Label(choices[i]));
    }
    return point;
}

Json
Plan::DocumentOf(const Point& point) const
{
    const auto choices = m_impl->Choices((point.id - 1) / Replicates());
    return m_impl->Build(choices, point.seed, point.replicate);
}

const std::string&
Plan::Document() const
{
    return m_impl->sweep.resolved;
}

const std::string&
Plan::Hash() const
{
    return m_impl->hash;
}

const std::string&
Plan::File() const
{
    return m_impl->sweep.document.file;
}

const std::string&
Plan::BaseFile() const
{
    return m_impl->sweep.baseFile;
}

std::string
ValueText(const store::AxisValue& value, const std::string& unit)
{
    std::string text;
    if (const auto* whole = std::get_if<std::int64_t>(&value))
    {
        text = std::to_string(*whole);
    }
    else if (const auto* number = std::get_if<double>(&value))
    {
        text = NumberText(*number);
    }
    else if (const auto* truth = std::get_if<bool>(&value))
    {
        text = *truth ? "true" : "false";
    }
    else
    {
        return std::get<std::string>(value);
    }
    return unit.empty() ? text : text + ' ' + unit;
}

} // namespace nattlab::sweep
