// SPDX-License-Identifier: GPL-2.0-only
#include "helper/audit/audit.h"

#include "helper/store/store-error.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <type_traits>
#include <utility>
#include <variant>

namespace nattlab::audit
{

namespace
{

std::string
TextOf(const store::AxisValue& value)
{
    return std::visit(
        [](const auto& v) -> std::string
        {
            using Value = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<Value, std::string>)
            {
                return v;
            }
            else if constexpr (std::is_same_v<Value, bool>)
            {
                return v ? "true" : "false";
            }
            else
            {
                std::array<char, 32> text{};
                return {text.data(), std::to_chars(text.data(), text.data() + text.size(), v).ptr};
            }
        },
        value);
}

std::string
Quoted(const std::string& text)
{
    return '"' + text + '"';
}

/** \return "a", "b". */
std::string
QuotedList(const std::vector<std::string>& texts)
{
    std::string list;
    for (const std::string& text : texts)
    {
        list += (list.empty() ? "" : ", ") + Quoted(text);
    }
    return list.empty() ? "none" : list;
}

/** \return the element that \p matches, behind all others and new where there was none. */
template <class Element, class Matches, class Make>
Element&
FindOrAdd(std::vector<Element>& elements, const Matches& matches, const Make& make)
{
    const auto found = std::find_if(elements.begin(), elements.end(), matches);
    return found == elements.end() ? elements.emplace_back(make()) : *found;
}

/** Makes one audit. */
class Auditor
{
  public:
    Auditor(const store::SweepIdentity& identity, const AuditOptions& options)
    {
        m_audit.identity = identity;
        const auto& axes = identity.axes;
        m_policyAxis = IndexOf(options.policyAxis);
        const bool ownPlaces = std::find(axes.begin(), axes.end(), "topology") != axes.end();
        m_audit.placeAxis = options.placeAxis.value_or(ownPlaces ? "topology" : "");
        m_placeAxis = m_audit.placeAxis.empty() ? axes.size() : IndexOf(m_audit.placeAxis);
        if (m_placeAxis == m_policyAxis)
        {
            throw store::Refusal("the axis of policies " + Quoted(options.policyAxis) +
                                 " cannot be that of places as well");
        }
        for (std::size_t i = 0; i < axes.size(); ++i)
        {
            if (IsGroupAxis(i))
            {
                m_audit.groupAxes.push_back(axes[i]);
            }
        }
    }

    Audit Make(const std::vector<store::PointRow>& points)
    {
        m_replicates =
            std::any_of(points.begin(),
                        points.end(),
                        [](const store::PointRow& point) { return point.replicate > 1; });
        if (m_replicates)
        {
            m_audit.groupAxes.emplace_back("replicate");
        }
        for (const store::PointRow& point : points)
        {
            AddPolicy(TextOf(point.values.at(m_policyAxis)));
        }
        CheckStatements();
        for (const store::PointRow& point : points)
        {
            Add(point);
        }
        for (Group& group : m_audit.groups)
        {
            for (Place& place : group.places)
            {
                Judge(group, place);
            }
        }
        return std::move(m_audit);
    }

  private:
    std::size_t IndexOf(const std::string& axis) const
    {
        const auto& axes = m_audit.identity.axes;
        const auto found = std::find(axes.begin(), axes.end(), axis);
        if (found == axes.end())
        {
            throw store::Refusal("the sweep has no axis " + Quoted(axis) +
                                 "; it has: " + QuotedList(axes));
        }
        return static_cast<std::size_t>(found - axes.begin());
    }

    bool IsGroupAxis(std::size_t axis) const
    {
        return axis != m_policyAxis && axis != m_placeAxis;
    }

    Statement* FindStatement(const std::string& name)
    {
        const auto found = std::find_if(m_audit.statements.begin(),
                                        m_audit.statements.end(),
                                        [&](const Statement& s) { return s.name == name; });
        return found == m_audit.statements.end() ? nullptr : &*found;
    }

    void AddPolicy(const std::string& label)
    {
        if (!m_policyIndex.emplace(label, m_audit.policies.size()).second)
        {
            return;
        }
        const Policy& policy = m_audit.policies.emplace_back(ParsePolicy(label));
        if (!policy.statement.empty())
        {
            FindOrAdd(
                m_audit.statements,
                [&](const Statement& s) { return s.name == policy.statement; },
                [&] {
                    return Statement{policy.statement, ""};
                });
        }
    }

    /** Look for statements, and note what lists say about them. */
    void CheckStatements()
    {
        if (m_audit.statements.empty())
        {
            throw store::Refusal("the axis " + Quoted(m_audit.identity.axes[m_policyAxis]) +
                                 " has no value \"only X\" or \"all but X\", so there is no "
                                 "statement to audit; doc/audit.md tells how values are named");
        }
        for (const Policy& policy : m_audit.policies)
        {
            if (policy.written.empty())
            {
                continue;
            }
            for (const std::string& name : {policy.written, policy.meant})
            {
                if (!FindStatement(name))
                {
                    throw store::Refusal("policy " + Quoted(policy.label) + ": " + Quoted(name) +
                                         " is no statement; no policy is \"only " + name + '"');
                }
            }
            std::string& meant = FindStatement(policy.written)->meant;
            if (!meant.empty() && meant != policy.meant)
            {
                throw store::Refusal("policy " + Quoted(policy.label) + ": " +
                                     Quoted(policy.written) + " was meant as " + Quoted(meant) +
                                     " before");
            }
            meant = policy.meant;
        }
    }

    void Add(const store::PointRow& point)
    {
        if (point.status != store::PointStatus::Done)
        {
            throw store::Refusal("point " + std::to_string(point.id) + " did not run: " +
                                 (point.problem.empty() ? NameOf(point.status) : point.problem));
        }
        if (point.connections.empty())
        {
            throw store::Refusal("point " + std::to_string(point.id) + " has no connection");
        }
        std::vector<std::string> values;
        for (std::size_t i = 0; i < point.values.size(); ++i)
        {
            if (IsGroupAxis(i))
            {
                values.push_back(TextOf(point.values[i]));
            }
        }
        if (m_replicates)
        {
            values.push_back("replicate " + std::to_string(point.replicate));
        }
        const auto [known, isNew] = m_groupIndex.emplace(values, m_audit.groups.size());
        Group& group =
            isNew ? m_audit.groups.emplace_back(Group{values, {}}) : m_audit.groups[known->second];
        const std::string name =
            m_audit.placeAxis.empty() ? "" : TextOf(point.values.at(m_placeAxis));
        Place& place = FindOrAdd(
            group.places,
            [&](const Place& p) { return p.name == name; },
            [&] {
                return Place{name, std::vector<Run>(m_audit.policies.size()), {}};
            });
        Run& run = place.runs[m_policyIndex.at(TextOf(point.values.at(m_policyAxis)))];
        if (run.point != 0)
        {
            throw store::Refusal("points " + std::to_string(run.point) + " and " +
                                 std::to_string(point.id) + " have the same values");
        }
        run = {point.id, point.connections};
    }

    /** \return the index of the run with a policy. */
    std::size_t RunWith(const Group& group, const Place& place, const std::string& label) const
    {
        const auto index = m_policyIndex.find(label);
        if (index == m_policyIndex.end() || place.runs[index->second].point == 0)
        {
            std::string where;
            for (const std::string& value : {group.Name(), place.name})
            {
                where += value.empty() ? "" : (where.empty() ? " for " : ", ") + value;
            }
            throw store::Refusal("the sweep has no point with the policy " + Quoted(label) + where);
        }
        return index->second;
    }

    void Judge(const Group& group, Place& place)
    {
        const std::size_t open = RunWith(group, place, "all open");
        const std::size_t all = RunWith(group, place, "all statements");
        const std::size_t nothing = RunWith(group, place, "nothing");
        for (const Statement& statement : m_audit.statements)
        {
            const std::size_t allBut = RunWith(group, place, "all but " + statement.name);
            const std::size_t only = RunWith(group, place, "only " + statement.name);
            const std::size_t allButMeant =
                statement.meant.empty() ? allBut
                                        : RunWith(group, place, "all but " + statement.meant);
            const auto& runs = place.runs;
            Finding finding{Answer::Optional,
                            runs[all].point,
                            runs[allBut].point,
                            runs[nothing].point,
                            runs[only].point,
                            statement.meant.empty() ? 0 : runs[allButMeant].point,
                            allBut};
            if (!runs[all].Connects())
            {
                finding.answer = Answer::NoConnection;
                finding.shown = runs[open].Connects() ? all : open;
            }
            else if (!runs[allBut].Connects())
            {
                finding.answer = Answer::Needed;
            }
            else if (!runs[allButMeant].Connects())
            {
                finding.answer = Answer::Wrong;
                finding.shown = allButMeant;
            }
            else if (EndAlike(runs[allBut], runs[all]) && EndAlike(runs[only], runs[nothing]))
            {
                finding.answer = Answer::Useless;
            }
            place.findings.push_back(finding);
        }
    }

    Audit m_audit;
    std::size_t m_policyAxis{0};
    std::size_t m_placeAxis{0}; //!< the number of axes: there is none
    bool m_replicates{false};
    std::map<std::string, std::size_t> m_policyIndex;             //!< by label
    std::map<std::vector<std::string>, std::size_t> m_groupIndex; //!< by values
};

} // namespace

Audit
MakeAudit(const store::SweepIdentity& identity,
          const std::vector<store::PointRow>& points,
          const AuditOptions& options)
{
    return Auditor(identity, options).Make(points);
}

Audit
MakeAudit(const store::Reader& reader, const AuditOptions& options)
{
    const store::SweepIdentity& identity = reader.Identity();
    if (const std::uint64_t there = reader.PointCount(); there != identity.points)
    {
        throw store::Refusal("the sweep is not finished: " + std::to_string(there) + " of " +
                             std::to_string(identity.points) +
                             " points are there; nattlab sweep with --resume runs the rest, "
                             "nattlab merge joins shards");
    }
    std::vector<store::PointRow> points;
    reader.ForEach({}, [&](const store::PointRow& point) { points.push_back(point); });
    return MakeAudit(identity, points, options);
}

} // namespace nattlab::audit
