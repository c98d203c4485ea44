// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_TRACE_REASON_H
#define NATTLAB_TRACE_REASON_H

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace nattlab
{

/** Why something failed; None where nothing did. The rows stand in reason.def. */
enum class Reason : std::uint8_t
{
    None,
#define NATTLAB_REASON(name, id, who, meaning, user) name,
#include "model/trace/reason.def"
#undef NATTLAB_REASON
};

/** One row of the list of reasons. */
struct ReasonInfo
{
    Reason reason;
    std::string_view id;      //!< stable name, such as "nat.filtered"
    std::string_view who;     //!< who raises it
    std::string_view meaning; //!< one sentence
    std::string_view user;    //!< what a user would see
};

/** \return the row of \p reason; for None a row of empty texts with the id "none". */
const ReasonInfo& InfoOf(Reason reason);

/** \return the stable id of \p reason. */
std::string_view IdOf(Reason reason);

/** \return the reason with this id. */
std::optional<Reason> ReasonFromId(std::string_view id);

/** \return all rows in the order of the list, None excluded. */
const std::vector<ReasonInfo>& AllReasons();

} // namespace nattlab

#endif
