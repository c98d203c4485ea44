// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Results made up for audits: a firewall between two hosts, and what they need of it.
 */
#ifndef NATTLAB_TEST_AUDIT_SAMPLE_H
#define NATTLAB_TEST_AUDIT_SAMPLE_H

#include "helper/audit/audit.h"
#include "helper/audit/policy.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace nattlab::audit
{

/** What is open. */
using Open = std::set<std::string>;

/** Says how a connection ends when these statements are open; empty set in "nothing". */
using World = std::function<store::ConnectionRow(const Open& open)>;

inline store::ConnectionRow
Connected(const std::string& encapsulation = "esp")
{
    store::ConnectionRow row;
    row.name = "vpn";
    row.verdict = "connected";
    row.encapsulation = encapsulation;
    row.timeToSettle = 1.5;
    return row;
}

inline store::ConnectionRow
Failed(const std::string& stage)
{
    store::ConnectionRow row;
    row.name = "vpn";
    row.verdict = "failed";
    row.stage = stage;
    row.reason = "firewall.default";
    row.box = "wall";
    row.rule = "default forward";
    row.error = 792;
    row.timeToSettle = 95;
    return row;
}

/** Connects while all of these are open. */
inline World
Needs(const Open& needed)
{
    return [needed](const Open& open)
    {
        for (const std::string& name : needed)
        {
            if (open.count(name) == 0)
            {
                return Failed("ike-main");
            }
        }
        return Connected();
    };
}

/** A sweep of an audit. */
class Sample
{
  public:
    /** \param statements each of one word \param lists labels of lists, which open all statements
     */
    explicit Sample(std::vector<std::string> statements, std::vector<std::string> lists = {})
        : m_statements(std::move(statements))
    {
        identity.title = "Made up";
        identity.version = "0.1.0";
        identity.sweep = std::string(64, 'a');
        identity.axes = {"credential", "topology", "policy"};
        m_labels = {"all open", "nothing", "all statements"};
        for (const char* prefix : {"only ", "all but "})
        {
            for (const std::string& statement : m_statements)
            {
                m_labels.push_back(prefix + statement);
            }
        }
        m_labels.insert(m_labels.end(), lists.begin(), lists.end());
    }

    /** Run all policies in one place. */
    Sample& Add(const std::string& credential, const std::string& topology, const World& world)
    {
        for (const std::string& label : m_labels)
        {
            store::PointRow point;
            point.id = points.size() + 1;
            point.values = {credential, topology, label};
            point.replicate = 1;
            point.connections = {world(OpenWith(label))};
            points.push_back(point);
        }
        identity.points = points.size();
        return *this;
    }

    Audit Make(const AuditOptions& options = {}) const
    {
        return MakeAudit(identity, points, options);
    }

    /** \return the answer about a statement in the first place. */
    Answer AnswerAbout(std::size_t statement) const
    {
        return Make().groups.at(0).places.at(0).findings.at(statement).answer;
    }

    store::SweepIdentity identity;
    std::vector<store::PointRow> points;

  private:
    Open OpenWith(const std::string& label) const
    {
        const Policy policy = ParsePolicy(label);
        Open open(m_statements.begin(), m_statements.end());
        switch (policy.kind)
        {
        case PolicyKind::AllOpen:
            open.insert("the rest");
            break;
        case PolicyKind::Nothing:
            open.clear();
            break;
        case PolicyKind::Only:
            open = {policy.statement};
            break;
        case PolicyKind::AllBut:
            open.erase(policy.statement);
            break;
        default:
            break;
        }
        return open;
    }

    std::vector<std::string> m_statements;
    std::vector<std::string> m_labels;
};

} // namespace nattlab::audit

#endif
