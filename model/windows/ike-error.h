// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_WINDOWS_IKE_ERROR_H
#define NATTLAB_WINDOWS_IKE_ERROR_H

#include "model/trace/reason.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace nattlab::windows
{

/** An error of the IKE service (MS-ERREF 2.2). */
struct IkeError
{
    std::uint32_t number;
    std::string_view name;
};

/** \return all that are known, by number. */
const std::vector<IkeError>& IkeErrors();

/**
 * \return the error by which the IKE service reports a reason; nothing for reasons that are not
 * IKE's. Which reason leads to which error is by their meaning: see doc/assumptions.md.
 */
std::optional<IkeError> IkeErrorFor(Reason reason);

} // namespace nattlab::windows

#endif
