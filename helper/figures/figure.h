// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Figures as text: a script for gnuplot and the data that it reads.
 */
#ifndef NATTLAB_FIGURES_FIGURE_H
#define NATTLAB_FIGURES_FIGURE_H

#include "helper/figures/grid.h"
#include "helper/figures/reason-bars.h"
#include "helper/figures/time-curves.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nattlab::figures
{

/** What stands on a figure beside its data, and its form. */
struct Caption
{
    std::string title;
    std::vector<std::string> notes; //!< at the foot, each on lines of its own
    double width{0};                //!< pixels; 0, as the next: what the figure needs
    double height{0};
    std::string stem; //!< name of its files, without ending
};

/** A figure, not yet drawn. */
struct Figure
{
    std::string stem;
    double width{0};
    double height{0};
    std::string commands; //!< of gnuplot: all but terminal and output
    std::string table;    //!< STEM.tsv
};

Figure GridFigure(const Grid& grid, const Caption& caption);
Figure ReasonFigure(const ReasonBars& bars, const Caption& caption);
Figure TimeFigure(const TimeCurves& curves, const Caption& caption);

} // namespace nattlab::figures

#endif
