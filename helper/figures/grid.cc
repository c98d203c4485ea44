// SPDX-License-Identifier: GPL-2.0-only
#include "helper/figures/grid.h"

#include <utility>

namespace nattlab::figures
{

Grid::Grid(Scale x, Scale y, Scale facet)
    : m_x(std::move(x)),
      m_y(std::move(y)),
      m_facet(std::move(facet)),
      m_cells(m_x.Size() * m_y.Size() * m_facet.Size())
{
}

void
Grid::Add(const store::PointRow& point)
{
    const auto x = m_x.Place(point);
    const auto y = m_y.Place(point);
    const auto facet = m_facet.Place(point);
    if (x && y && facet)
    {
        m_cells[(*facet * m_y.Size() + *y) * m_x.Size() + *x].Add(point);
    }
}

const Scale&
Grid::X() const
{
    return m_x;
}

const Scale&
Grid::Y() const
{
    return m_y;
}

const Scale&
Grid::Facet() const
{
    return m_facet;
}

const Tally&
Grid::At(std::size_t facet, std::size_t y, std::size_t x) const
{
    return m_cells.at((facet * m_y.Size() + y) * m_x.Size() + x);
}

} // namespace nattlab::figures
