// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_FIGURES_DRAW_H
#define NATTLAB_FIGURES_DRAW_H

#include "helper/figures/figure.h"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace nattlab::figures
{

/** gnuplot is not there; the text says what to install. */
struct GnuplotMissing : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

enum class Format : std::uint8_t
{
    Svg,
    Png,
};

/** \return the ending of its files: "svg", "png". */
const char* EndingOf(Format format);

/** \return the script that makes a figure in all formats, with \p heading as comments before it. */
std::string ScriptOf(const Figure& figure,
                     const std::vector<Format>& formats,
                     const std::vector<std::string>& heading);

/**
 * Write STEM.gp and STEM.tsv in a directory, which must be there, and let gnuplot make the figures.
 * \return what gnuplot had to say, empty as a rule
 * \throws GnuplotMissing
 * \throws std::runtime_error with gnuplot's message when it fails; no figure is left then
 */
std::string Draw(const Figure& figure,
                 const std::vector<Format>& formats,
                 const std::vector<std::string>& heading,
                 const std::string& directory);

} // namespace nattlab::figures

#endif
