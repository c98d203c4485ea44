// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What all figures have in common: heading, foot, labels beside a plot.
 */
#ifndef NATTLAB_FIGURES_FRAME_H
#define NATTLAB_FIGURES_FRAME_H

#include "helper/figures/canvas.h"
#include "helper/figures/figure.h"
#include "helper/figures/scale.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nattlab::figures
{

/** The heading and the foot of a figure. */
class Frame
{
  public:
    static constexpr double EDGE = 16; //!< free at each side, in pixels

    /** \param subtitle what the figure shows \param notes stand above those of the caption */
    Frame(const Caption& caption,
          const std::string& subtitle,
          const std::vector<std::string>& notes,
          double width);

    /** \return where the heading ends. */
    double Top() const;
    /** \return the height of the foot. */
    double Foot() const;
    /** Draw heading and foot. */
    void Draw(Canvas& canvas) const;

  private:
    std::vector<std::string> m_title;
    std::vector<std::string> m_subtitle;
    std::vector<std::string> m_foot;
};

/** Labels under the columns of a plot: upright where they do not fit side by side. */
class ColumnLabels
{
  public:
    static constexpr double SIZE = 11;

    ColumnLabels(const Scale& scale, double columnWidth);

    /** \return the height of labels and title. */
    double Height() const;

    /** \param left, bottom of the plot */
    void Draw(Canvas& canvas, double left, double bottom) const;

  private:
    static constexpr double LONGEST = 190; //!< of upright labels

    const Scale& m_scale;
    double m_columnWidth;
    bool m_upright{false};
    double m_longest{0};
};

/** \return the greatest width of a text. */
double Widest(const std::vector<std::string>& texts, double size);

/** \return a share for people: "<1", "85", ">99", in per cent. */
std::string PerCent(double share);

/** \return "12,345". */
std::string ThousandsOf(std::uint64_t count);

/** \return "1 connection", "2 connections", "12,345 connections". */
std::string Counted(std::uint64_t count, const std::string& thing);

} // namespace nattlab::figures

#endif
