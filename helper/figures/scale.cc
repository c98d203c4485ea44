// SPDX-License-Identifier: GPL-2.0-only
#include "helper/figures/scale.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

namespace nattlab::figures
{

namespace
{

constexpr std::size_t CLASSES = 10; //!< of a crowd of numbers, where there is place

std::string
Printed(double number, int digits)
{
    std::array<char, 40> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.*g", digits, number);
    return buffer.data();
}

/** \return the next one of 1, 2, 5, 10, 20, 50... */
double
NextStep(double step)
{
    const double power = std::pow(10, std::floor(std::log10(step) + 1e-9));
    const double lead = std::round(step / power);
    return lead < 2 ? 2 * power : lead < 5 ? 5 * power : 10 * power;
}

/** \return at most most + 1 round numbers with equal distances around what is given. */
std::vector<double>
LinearEdges(double least, double greatest, std::size_t most)
{
    const double width = std::max((greatest - least) / static_cast<double>(most), 1e-300);
    double step = std::pow(10, std::floor(std::log10(width)));
    while (std::floor(greatest / step) - std::floor(least / step) + 1 > static_cast<double>(most))
    {
        step = NextStep(step);
    }
    std::vector<double> edges;
    const double first = std::floor(least / step);
    const double last = std::floor(greatest / step) + 1;
    for (double i = first; i <= last; ++i)
    {
        edges.push_back(i * step);
    }
    return edges;
}

std::vector<double>
LogarithmicEdges(double least, double greatest, std::size_t most)
{
    std::vector<double> edges{least};
    for (std::size_t i = 1; i < most; ++i)
    {
        const double part = static_cast<double>(i) / static_cast<double>(most);
        edges.push_back(least * std::pow(greatest / least, part));
    }
    edges.push_back(greatest);
    return edges;
}

} // namespace

std::optional<double>
NumberOf(const store::AxisValue& value)
{
    if (const auto* whole = std::get_if<std::int64_t>(&value))
    {
        return static_cast<double>(*whole);
    }
    const auto* number = std::get_if<double>(&value);
    return number ? std::optional(*number) : std::nullopt;
}

std::string
LabelOf(const store::AxisValue& value)
{
    if (const auto* text = std::get_if<std::string>(&value))
    {
        return *text;
    }
    if (const auto* truth = std::get_if<bool>(&value))
    {
        return *truth ? "true" : "false";
    }
    if (const auto* whole = std::get_if<std::int64_t>(&value))
    {
        return std::to_string(*whole);
    }
    return Printed(std::get<double>(value), 6);
}

void
Tally::Add(const store::PointRow& point)
{
    for (const store::ConnectionRow& connection : point.connections)
    {
        ++connections;
        connected += connection.verdict == "connected" ? 1 : 0;
    }
}

double
Tally::Share() const
{
    return connections == 0 ? 0 : static_cast<double>(connected) / static_cast<double>(connections);
}

void
AxisSurvey::Add(const store::AxisValue& value, const Tally& tally)
{
    if (const auto number = NumberOf(value))
    {
        m_least = m_any ? std::min(m_least, *number) : *number;
        m_greatest = m_any ? std::max(m_greatest, *number) : *number;
        m_any = true;
    }
    else
    {
        m_texts = true;
    }
    if (m_crowded)
    {
        return;
    }
    const auto [place, isNew] = m_tallies.try_emplace(value);
    place->second.connections += tally.connections;
    place->second.connected += tally.connected;
    if (isNew)
    {
        m_values.push_back(value);
        m_crowded = m_values.size() > MOST_VALUES;
    }
}

bool
AxisSurvey::Numeric() const
{
    return m_any && !m_texts;
}

bool
AxisSurvey::Crowded() const
{
    return m_crowded;
}

std::size_t
AxisSurvey::Size() const
{
    return m_values.size();
}

double
AxisSurvey::Effect() const
{
    double low = 1;
    double high = 0;
    for (const auto& [value, tally] : m_tallies)
    {
        if (tally.connections > 0)
        {
            low = std::min(low, tally.Share());
            high = std::max(high, tally.Share());
        }
    }
    return m_crowded ? 0 : std::max(high - low, 0.0);
}

double
AxisSurvey::Least() const
{
    return m_least;
}

double
AxisSurvey::Greatest() const
{
    return m_greatest;
}

const std::vector<store::AxisValue>&
AxisSurvey::Values() const
{
    return m_values;
}

Scale::Scale(std::size_t axis,
             const std::string& name,
             const AxisNotes& notes,
             const AxisSurvey& survey,
             std::size_t most,
             const std::string& use)
    : m_axis(axis),
      m_name(name),
      m_title(name),
      m_numeric(survey.Numeric())
{
    const bool classes = survey.Crowded() && m_numeric && most > 1;
    if (survey.Size() > most && !classes)
    {
        throw BadRequest(use + ": axis \"" + name + "\" has " +
                         (survey.Crowded() ? "more than " + std::to_string(MOST_VALUES)
                                           : std::to_string(survey.Size())) +
                         " values, expected at most " + std::to_string(most) +
                         ": choose another axis, or fewer values with --where");
    }
    if (m_numeric && !notes.unit.empty())
    {
        m_title += " (" + notes.unit + ")";
    }
    m_labels.clear();
    if (classes)
    {
        SetClasses(notes, survey, std::min(most, CLASSES));
    }
    else
    {
        SetValues(notes, survey);
    }
}

void
Scale::SetValues(const AxisNotes& notes, const AxisSurvey& survey)
{
    std::vector<store::AxisValue> values = survey.Values();
    if (m_numeric)
    {
        std::sort(values.begin(),
                  values.end(),
                  [](const auto& a, const auto& b) { return *NumberOf(a) < *NumberOf(b); });
    }
    else
    {
        const auto rank = [&notes](const store::AxisValue& value)
        { return std::find(notes.order.begin(), notes.order.end(), LabelOf(value)); };
        std::stable_sort(values.begin(),
                         values.end(),
                         [&rank](const auto& a, const auto& b) { return rank(a) < rank(b); });
    }
    for (const store::AxisValue& value : values)
    {
        m_places.emplace(value, m_labels.size());
        m_labels.push_back(LabelOf(value));
    }
}

void
Scale::SetClasses(const AxisNotes& notes, const AxisSurvey& survey, std::size_t most)
{
    m_edges = notes.logarithmic && survey.Least() > 0
                  ? LogarithmicEdges(survey.Least(), survey.Greatest(), most)
                  : LinearEdges(survey.Least(), survey.Greatest(), most);
    for (std::size_t i = 0; i + 1 < m_edges.size(); ++i)
    {
        m_labels.push_back(Printed(m_edges[i], 3) + "–" + Printed(m_edges[i + 1], 3));
    }
}

bool
Scale::HasAxis() const
{
    return m_axis.has_value();
}

const std::string&
Scale::Title() const
{
    return m_title;
}

const std::string&
Scale::Name() const
{
    return m_name;
}

bool
Scale::Numeric() const
{
    return m_numeric;
}

const std::vector<std::string>&
Scale::Labels() const
{
    return m_labels;
}

std::size_t
Scale::Size() const
{
    return m_labels.size();
}

std::optional<std::size_t>
Scale::Place(const store::PointRow& point) const
{
    if (!m_axis)
    {
        return 0;
    }
    const store::AxisValue& value = point.values.at(*m_axis);
    if (m_edges.empty())
    {
        const auto found = m_places.find(value);
        return found == m_places.end() ? std::nullopt : std::optional(found->second);
    }
    const auto number = NumberOf(value);
    if (!number)
    {
        return std::nullopt;
    }
    // The outer edges were rounded, and belong to the outer classes.
    const auto above = std::upper_bound(m_edges.begin() + 1, m_edges.end() - 1, *number);
    return static_cast<std::size_t>(above - m_edges.begin()) - 1;
}

} // namespace nattlab::figures
