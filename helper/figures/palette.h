// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Colours of Okabe and Ito (2008), which people tell apart whatever their colour vision.
 */
#ifndef NATTLAB_FIGURES_PALETTE_H
#define NATTLAB_FIGURES_PALETTE_H

#include <array>

namespace nattlab::figures
{

/** A colour for an area, and one for text on it. */
struct AreaColour
{
    const char* area;
    const char* text;
};

/** "connected", in every figure. */
constexpr AreaColour CONNECTED_COLOUR{"#009E73", "#FFFFFF"};

/** What is left over. */
constexpr AreaColour OTHER_COLOUR{"#BBBBBB", "#000000"};

/** Reasons, the most frequent first. */
constexpr std::array<AreaColour, 7> REASON_COLOURS{{
    {"#D55E00", "#FFFFFF"}, // vermilion
    {"#56B4E9", "#000000"}, // sky blue
    {"#E69F00", "#000000"}, // orange
    {"#CC79A7", "#000000"}, // reddish purple
    {"#0072B2", "#FFFFFF"}, // blue
    {"#F0E442", "#000000"}, // yellow
    {"#000000", "#FFFFFF"},
}};

/** A line; its dashes tell it from others without any colour. */
struct LineLook
{
    const char* colour;
    const char* dashes; //!< dash type of gnuplot
};

/** Lines for the values of an axis; yellow would be too pale. */
constexpr std::array<LineLook, 8> LINES{{
    {"#0072B2", "1"},
    {"#D55E00", "(12,4)"},
    {"#000000", "(3,3)"},
    {"#E69F00", "(12,4,3,4)"},
    {"#56B4E9", "(20,5)"},
    {"#CC79A7", "(6,3)"},
    {"#666666", "(12,4,3,4,3,4)"},
    {"#009E73", "(1.5,3)"},
}};

} // namespace nattlab::figures

#endif
