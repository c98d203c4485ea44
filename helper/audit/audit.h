// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Which statements of a port policy are needed: drawn from the runs of a sweep, in which each
 * statement was alone open and alone closed, and from nothing else.
 *
 * Of a statement X in one place, a topology say, the first of these that holds is the answer. To
 * connect is: all connections of the run are connected when it ends.
 *
 * - no connection: "all statements" does not connect, so that X can neither help nor spoil;
 * - needed: "all but X" does not connect;
 * - wrong: X was written where M is meant, and M is needed. That X is open does not help then:
 *   it is open in "all but M", which does not connect;
 * - useless: "all but X" ends as "all statements" does, and "only X" as "nothing" does;
 * - optional: X is not needed, but has an effect.
 *
 * Two runs end alike when each connection has the same verdict, stage, reason, box, rule, error,
 * NAT, revision of NAT traversal, encapsulation, group, secrecy, and time to settle.
 */
#ifndef NATTLAB_AUDIT_AUDIT_H
#define NATTLAB_AUDIT_AUDIT_H

#include "helper/audit/policy.h"
#include "helper/store/reader.h"
#include "helper/store/rows.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nattlab::audit
{

/** What a statement is good for in one place. */
enum class Answer : std::uint8_t
{
    Needed,
    Useless,
    Wrong,
    Optional,
    NoConnection,
};

constexpr std::array<Answer, 5> ANSWERS{Answer::Needed,
                                        Answer::Wrong,
                                        Answer::Useless,
                                        Answer::Optional,
                                        Answer::NoConnection};

/** \return "needed", "useless", "wrong", "optional" or "no connection". */
const char* NameOf(Answer answer);

/** \return one sentence that says when this is the answer; X stands for the statement. */
const char* DefinitionOf(Answer answer);

/** One line of a port policy. */
struct Statement
{
    std::string name;
    std::string meant; //!< the statement that it was written for; empty: it is meant as it stands
};

/** How one point ended. */
struct Run
{
    store::PointId point{0};
    std::vector<store::ConnectionRow> connections;

    bool Connects() const;

    /** \return the first connection that is not connected, else the first one. */
    const store::ConnectionRow& Shown() const;
};

/** \return whether both end alike. */
bool EndAlike(const Run& a, const Run& b);

/** The answer about one statement in one place, and the points behind it. */
struct Finding
{
    Answer answer{Answer::NoConnection};
    store::PointId allStatements{0};
    store::PointId allBut{0};
    store::PointId nothing{0};
    store::PointId only{0};
    store::PointId allButMeant{0}; //!< "all but M"; 0: the statement is meant as it stands
    std::size_t shown{0};          //!< index in Place::runs: what shows why
};

/** A column of the tables. */
struct Place
{
    std::string name;
    std::vector<Run> runs;         //!< in the order of Audit::policies
    std::vector<Finding> findings; //!< in the order of Audit::statements
};

/** All that one table is about: the places for which the other axes have the same values. */
struct Group
{
    std::vector<std::string> values; //!< in the order of Audit::groupAxes
    std::vector<Place> places;

    /** \return "key", "windows-7, key"; empty: there are no other axes. */
    std::string Name() const;
};

/** An audit. Everything is in the order in which the points have it first. */
struct Audit
{
    store::SweepIdentity identity;
    std::string placeAxis; //!< empty: there is none, and each group has one place without a name
    std::vector<std::string> groupAxes; //!< "replicate" comes last, where there are several
    std::vector<Statement> statements;
    std::vector<Policy> policies;
    std::vector<Group> groups;
};

/** Which axes of the sweep mean what; the others make a table for each of their values. */
struct AuditOptions
{
    std::string policyAxis{"policy"};
    std::optional<std::string> placeAxis; //!< absent: "topology", where there is one
};

/**
 * \param identity of the sweep
 * \param points all of it, in the order of their ids
 * \throws store::Refusal when the sweep is no audit, or lacks a point that an answer needs
 */
Audit MakeAudit(const store::SweepIdentity& identity,
                const std::vector<store::PointRow>& points,
                const AuditOptions& options);

/** The same with the results in a directory. \throws store::Refusal also when points are missing */
Audit MakeAudit(const store::Reader& reader, const AuditOptions& options);

} // namespace nattlab::audit

#endif
