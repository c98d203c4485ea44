// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_FIGURES_GRID_H
#define NATTLAB_FIGURES_GRID_H

#include "helper/figures/scale.h"

#include <cstddef>
#include <vector>

namespace nattlab::figures
{

/** Connections by the values of two axes, and of a third for small multiples. */
class Grid
{
  public:
    Grid(Scale x, Scale y, Scale facet);

    void Add(const store::PointRow& point);

    const Scale& X() const;
    const Scale& Y() const;
    const Scale& Facet() const;

    /** \return the cell; without connections where no point ran. */
    const Tally& At(std::size_t facet, std::size_t y, std::size_t x) const;

  private:
    Scale m_x;
    Scale m_y;
    Scale m_facet;
    std::vector<Tally> m_cells;
};

} // namespace nattlab::figures

#endif
