// SPDX-License-Identifier: GPL-2.0-only
#include "helper/audit/findings.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace nattlab::audit
{

namespace
{

using Names = std::vector<std::string>;

std::string
Joined(const Names& names)
{
    std::string text;
    for (const std::string& name : names)
    {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

/** What can be said of a place: "needed", and why: "without it: failed at ike-main". */
using Said = std::pair<std::string, std::string>;

/** Names of places of which the same is said, in the order of Add. */
class PlacesByText
{
  public:
    void Add(const Said& said, const std::string& place)
    {
        const auto known = std::find_if(
            m_parts.begin(), m_parts.end(), [&](const auto& part) { return part.first == said; });
        auto& places =
            known == m_parts.end() ? m_parts.emplace_back(said, Names{}).second : known->second;
        places.push_back(place);
    }

    /** \return "needed in direct (why); useless in client-nat, both-nat"; if there is one part
     * only: "needed everywhere (why)". */
    std::string Text() const
    {
        std::string text;
        for (const auto& [said, places] : m_parts)
        {
            text += (text.empty() ? "" : "; ") + said.first;
            if (m_parts.size() > 1)
            {
                text += " in " + Joined(places);
            }
            else if (places.size() > 1)
            {
                text += " everywhere";
            }
            text += said.second.empty() ? "" : " (" + said.second + ")";
        }
        return text;
    }

  private:
    std::vector<std::pair<Said, Names>> m_parts;
};

/** Add what \p sentence says of every group, once when it is the same. */
void
AddForGroups(std::vector<std::string>& findings,
             const Audit& audit,
             const std::function<std::string(const Group&)>& sentence)
{
    Names sentences;
    for (const Group& group : audit.groups)
    {
        sentences.push_back(sentence(group));
    }
    const bool same = std::equal(sentences.begin() + 1, sentences.end(), sentences.begin());
    for (std::size_t i = 0; i < (same ? 1 : sentences.size()); ++i)
    {
        findings.push_back((same ? "" : audit.groups[i].Name() + ": ") + sentences[i]);
    }
}

Said
AnswerText(const Audit& audit, const Place& place, std::size_t statement)
{
    const Finding& finding = place.findings[statement];
    const std::string failure = ": " + FailureText(place.runs[finding.shown].Shown());
    switch (finding.answer)
    {
    case Answer::Needed:
        return {"needed", "without it" + failure};
    case Answer::Wrong:
        return {"wrong", "with it, and without " + audit.statements[statement].meant + failure};
    case Answer::NoConnection:
        return {"without an answer", "with " + audit.policies[finding.shown].label + failure};
    default:
        return {NameOf(finding.answer), ""};
    }
}

std::string
StatementSentence(const Audit& audit, const Group& group, std::size_t statement)
{
    PlacesByText places;
    for (const Place& place : group.places)
    {
        places.Add(AnswerText(audit, place, statement), place.name);
    }
    return StatementText(audit.statements[statement]) + " is " + places.Text() + ".";
}

std::string
ListSentence(const Audit& audit, const Group& group, std::size_t policy)
{
    PlacesByText places;
    for (const Place& place : group.places)
    {
        const Run& run = place.runs[policy];
        if (run.point == 0)
        {
            places.Add({"was not run", ""}, place.name);
        }
        else if (run.Connects())
        {
            places.Add({"connects", ""}, place.name);
        }
        else
        {
            places.Add({"fails", FailureText(run.Shown())}, place.name);
        }
    }
    return '"' + audit.policies[policy].label + "\" " + places.Text() + ".";
}

} // namespace

std::string
FailureText(const store::ConnectionRow& row)
{
    std::string text = row.verdict;
    text += row.stage.empty() ? "" : " at " + row.stage;
    text += row.reason.empty() ? "" : ": " + row.reason;
    text += row.box.empty() ? "" : " at " + row.box;
    return text + (row.error ? ", error " + std::to_string(*row.error) : "");
}

std::string
StatementText(const Statement& statement)
{
    return statement.name + (statement.meant.empty() ? "" : " (for " + statement.meant + ")");
}

std::string
PointsText(const std::vector<store::PointId>& points)
{
    std::string text;
    for (std::size_t first = 0; first < points.size();)
    {
        std::size_t last = first;
        while (last + 1 < points.size() && points[last + 1] == points[last] + 1)
        {
            ++last;
        }
        text += (text.empty() ? "" : ", ") + std::to_string(points[first]);
        text += last == first ? "" : "-" + std::to_string(points[last]);
        first = last + 1;
    }
    return text;
}

std::vector<std::string>
Findings(const Audit& audit)
{
    std::vector<std::string> findings;
    for (std::size_t s = 0; s < audit.statements.size(); ++s)
    {
        AddForGroups(findings,
                     audit,
                     [&](const Group& group) { return StatementSentence(audit, group, s); });
    }
    for (std::size_t p = 0; p < audit.policies.size(); ++p)
    {
        if (audit.policies[p].kind == PolicyKind::List)
        {
            AddForGroups(
                findings, audit, [&](const Group& group) { return ListSentence(audit, group, p); });
        }
    }
    return findings;
}

} // namespace nattlab::audit
