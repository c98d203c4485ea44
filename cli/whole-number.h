// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_CLI_WHOLE_NUMBER_H
#define NATTLAB_CLI_WHOLE_NUMBER_H

#include <CLI/CLI.hpp>

namespace nattlab
{

/**
 * \return what an option of std::uint64_t needs as its transform: only decimal digits, of a number
 * that fits. CLI11 alone makes 18446744073709551615 of -1 and 8 of 010.
 */
CLI::Validator WholeNumber();

} // namespace nattlab

#endif
