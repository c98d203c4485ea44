// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Points made up for tests of figures.
 */
#ifndef NATTLAB_TEST_FIGURES_SAMPLE_H
#define NATTLAB_TEST_FIGURES_SAMPLE_H

#include "helper/figures/survey.h"
#include "helper/store/rows.h"

#include <string>
#include <vector>

namespace nattlab::figures
{

/** \return a connection that came up after so many seconds. */
inline store::ConnectionRow
Connected(double seconds)
{
    store::ConnectionRow connection;
    connection.name = "vpn";
    connection.client = "client";
    connection.server = "server";
    connection.verdict = "connected";
    connection.timeToSettle = seconds;
    return connection;
}

/** \return a connection that did not come up. */
inline store::ConnectionRow
Failed(const std::string& reason, const std::string& stage = "ike-main")
{
    store::ConnectionRow connection = Connected(60);
    connection.verdict = "failed";
    connection.reason = reason;
    connection.stage = stage;
    return connection;
}

/** \return a point; its id and seed do not matter to figures. */
inline store::PointRow
Point(std::vector<store::AxisValue> values,
      std::vector<store::ConnectionRow> connections,
      std::uint64_t replicate = 1)
{
    store::PointRow point;
    point.values = std::move(values);
    point.connections = std::move(connections);
    point.replicate = replicate;
    return point;
}

inline store::SweepIdentity
Identity(std::vector<std::string> axes, const std::string& document = "{}")
{
    store::SweepIdentity identity;
    identity.version = "0.1.0";
    identity.schema = std::string(64, 'a');
    identity.sweep = "0123456789abcdef" + std::string(48, '0');
    identity.title = "A sweep for figures";
    identity.document = document;
    identity.axes = std::move(axes);
    return identity;
}

inline Survey
SurveyOf(const store::SweepIdentity& identity, const std::vector<store::PointRow>& points)
{
    Survey survey(identity);
    for (const store::PointRow& point : points)
    {
        survey.Add(point);
    }
    return survey;
}

} // namespace nattlab::figures

#endif
