// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_AUDIT_FINDINGS_H
#define NATTLAB_AUDIT_FINDINGS_H

#include "helper/audit/audit.h"

#include <string>
#include <vector>

namespace nattlab::audit
{

/** \return "failed at ike-main: firewall.default at isp, error 792". */
std::string FailureText(const store::ConnectionRow& row);

/** \return "TCP 50 (for protocol 50)". */
std::string StatementText(const Statement& statement);

/** \return "4-8, 10". \param points in ascending order */
std::string PointsText(const std::vector<store::PointId>& points);

/**
 * \return what the audit says of each statement and of each list, one sentence each; where it is
 * not the same for all groups, one for each group, with its name before it
 */
std::vector<std::string> Findings(const Audit& audit);

} // namespace nattlab::audit

#endif
