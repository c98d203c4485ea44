// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * How an axis of a sweep is laid out in a figure: which values stand where, with which labels.
 */
#ifndef NATTLAB_FIGURES_SCALE_H
#define NATTLAB_FIGURES_SCALE_H

#include "helper/figures/sweep-notes.h"
#include "helper/store/rows.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace nattlab::figures
{

/** A figure cannot be made as it is asked for; the text says why and what would do. */
struct BadRequest : std::invalid_argument
{
    using std::invalid_argument::invalid_argument;
};

/** How many connections there are, and how many of them are up at the end of their run. */
struct Tally
{
    std::uint64_t connections{0};
    std::uint64_t connected{0};

    void Add(const store::PointRow& point);
    /** \return from 0 to 1; 0 where there are no connections. */
    double Share() const;
};

/** Numbers of which a figure shows each; of more it shows classes. */
constexpr std::size_t MOST_VALUES = 60;

/** What the points say about an axis. Its size is bounded, however many points there are. */
class AxisSurvey
{
  public:
    void Add(const store::AxisValue& value, const Tally& tally);

    /** \return whether all values are numbers. */
    bool Numeric() const;

    /** \return whether there are so many numbers that a figure shows classes of them. */
    bool Crowded() const;

    /** \return how many values there are; MOST_VALUES + 1 when Crowded. */
    std::size_t Size() const;

    /** \return how far apart the shares that connect are, between any two values; 0 if Crowded. */
    double Effect() const;

    double Least() const;
    double Greatest() const;

    /** \return in the order of their first points. */
    const std::vector<store::AxisValue>& Values() const;

  private:
    std::vector<store::AxisValue> m_values;
    std::map<store::AxisValue, Tally> m_tallies;
    bool m_texts{false};
    double m_least{0};
    double m_greatest{0};
    bool m_any{false};
    bool m_crowded{false};
};

/** The values of an axis, or classes of them, in the order of a figure. */
class Scale
{
  public:
    /** One value for all points, where no axis is asked for. */
    Scale() = default;

    /**
     * \param axis its number, from 0
     * \param name of the axis
     * \param notes from the document
     * \param survey from the points
     * \param most values that the figure has place for
     * \param use of the axis, for the message: "--by"
     * \throws BadRequest when there are more, and they are no crowd of numbers
     */
    Scale(std::size_t axis,
          const std::string& name,
          const AxisNotes& notes,
          const AxisSurvey& survey,
          std::size_t most,
          const std::string& use);

    /** \return whether there is an axis. */
    bool HasAxis() const;

    /** \return the axis's name with its unit, "delay (ms)". */
    const std::string& Title() const;

    const std::string& Name() const;

    /** \return whether the values are numbers, or classes of numbers. */
    bool Numeric() const;

    /** \return one for each value or class. */
    const std::vector<std::string>& Labels() const;

    std::size_t Size() const;

    /** \return the place of a point's value; nothing for one that the survey did not see. */
    std::optional<std::size_t> Place(const store::PointRow& point) const;

  private:
    void SetValues(const AxisNotes& notes, const AxisSurvey& survey);
    void SetClasses(const AxisNotes& notes, const AxisSurvey& survey, std::size_t most);

    std::optional<std::size_t> m_axis;
    std::string m_name;
    std::string m_title;
    bool m_numeric{false};
    std::vector<std::string> m_labels{"all"};
    std::map<store::AxisValue, std::size_t> m_places;
    std::vector<double> m_edges; //!< of classes, one more than there are classes
};

/** \return the number of a value; nothing for truth and texts. */
std::optional<double> NumberOf(const store::AxisValue& value);

/** \return how a figure writes a value. */
std::string LabelOf(const store::AxisValue& value);

} // namespace nattlab::figures

#endif
