// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_WINDOWS_RAS_ERROR_H
#define NATTLAB_WINDOWS_RAS_ERROR_H

#include "model/endpoint/stage.h"
#include "model/trace/reason.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace nattlab::windows
{

/** Releases that report the same failure by different numbers. */
enum class Generation : std::uint8_t
{
    Windows2000,
    WindowsXp,    //!< and Server 2003
    WindowsVista, //!< and later
};

/** An error of the dialler (raserror.h). */
struct RasError
{
    std::uint32_t number;
    std::string_view name; //!< constant of raserror.h
    std::string_view text; //!< what it tells the user, in nattlab's words
};

/** \return the errors that the dialler of a generation knows, by number. */
std::vector<RasError> RasErrorsOf(Generation generation);

/** \return the error of this number, if the dialler of the generation knows it. */
std::optional<RasError> FindRasError(Generation generation, std::uint32_t number);

/**
 * The error that the dialler shows for a connection that failed.
 *
 * \param code the E= of the server's MS-CHAPv2 Failure, which is a RAS error itself (RFC 2759 6)
 * \param notify the error notification by which the peer ended the negotiation (RFC 2408 3.14.1)
 * \param own a fault of a certificate is this host's: it was found before it was sent
 *
 * Numbers and names are those of raserror.h; which failure leads to which is documented for some
 * and an assumption for others: see doc/assumptions.md.
 */
RasError RasErrorFor(Generation generation,
                     Stage stage,
                     Reason reason,
                     std::optional<std::uint32_t> code = std::nullopt,
                     std::optional<std::uint16_t> notify = std::nullopt,
                     bool own = false);

} // namespace nattlab::windows

#endif
