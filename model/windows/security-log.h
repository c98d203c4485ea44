// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_WINDOWS_SECURITY_LOG_H
#define NATTLAB_WINDOWS_SECURITY_LOG_H

#include "model/trace/event-log.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nattlab::windows
{

/** One entry of the security log, as the audit of logon events of Windows 2000 to 2003 makes it. */
struct SecurityLogEntry
{
    Instant time;
    std::uint32_t id{0}; //!< 541 to 547
    bool success{true};  //!< success audit, or failure audit
    std::string text;    //!< nattlab's words
};

/**
 * \return what the security log of a host holds of IKE: 541 an SA was made, 542 a quick-mode SA
 * and 543 a main-mode SA ended, 544 to 547 a negotiation failed.
 */
std::vector<SecurityLogEntry> SecurityLog(const EventLog& log, NodeId host);

} // namespace nattlab::windows

#endif
