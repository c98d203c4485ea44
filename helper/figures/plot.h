// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_FIGURES_PLOT_H
#define NATTLAB_FIGURES_PLOT_H

#include "helper/figures/draw.h"
#include "helper/store/filter.h"
#include "helper/store/reader.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nattlab::figures
{

enum class Kind : std::uint8_t
{
    Grid,    //!< share of connections that come up, over two axes
    Reasons, //!< what became of connections, over an axis
    Time,    //!< distribution of the time to connect
};

/** \return "grid", "reasons" or "time": the name of the kind and of its files. */
const char* NameOf(Kind kind);

struct PlotOptions
{
    std::vector<Kind> kinds;
    std::string x; //!< axis; empty, as the next: chosen
    std::string y;
    std::string facet;      //!< axis; empty: none
    std::string by;         //!< axis; empty: chosen; "-": none
    store::Filter filter;   //!< connections that count
    std::string title;      //!< empty: the sweep's
    std::size_t reasons{7}; //!< that are named
    double width{0};        //!< pixels; 0, as the next: as the figure needs
    double height{0};
    std::vector<Format> formats{Format::Svg};
    std::string directory; //!< where the files go; is made when it is not there
    std::string stem;      //!< of the files; empty: NameOf
    std::string command;   //!< as it was typed
    std::string version;   //!< of nattlab
};

/** Figures that were made, with their directory, and what gnuplot had to say. */
struct PlotResult
{
    std::vector<std::string> files;
    std::string warnings;
};

/**
 * Make figures from results.
 * \throws BadRequest, store::StoreError, GnuplotMissing, std::runtime_error
 */
PlotResult Plot(const store::Reader& reader, const PlotOptions& options);

} // namespace nattlab::figures

#endif
