// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Quantities of an axis: numbers with a unit, as in "10 s", and how they are written back.
 */
#ifndef NATTLAB_SWEEP_AXIS_QUANTITY_H
#define NATTLAB_SWEEP_AXIS_QUANTITY_H

#include <optional>
#include <string>

namespace nattlab::sweep
{

struct Quantity
{
    double number{0};
    std::string unit;
};

/** \return the quantity that a scenario's text holds; "byte" and "packet" become plural. */
std::optional<Quantity> ParseQuantity(const std::string& text);

/** \return \p quantity's number in another unit of the same kind; nothing for another kind. */
std::optional<double> NumberIn(const Quantity& quantity, const std::string& unit);

/** \return "a time such as \"20 s\"": what a quantity in \p unit is; "" for an unknown unit. */
std::string KindOf(const std::string& unit);

/** \return whether a scenario takes only whole numbers in \p unit: packets and bytes. */
bool IsWhole(const std::string& unit);

/** \return whether it is an amount of data, which is whole once it is in bytes. */
bool IsData(const std::string& unit);

/** \return \p number without exponent, with at most 9 decimals and 15 digits. */
std::string NumberText(double number);

/** \return \p number as NumberText() tells it. */
double Tidy(double number);

/** \return \p number with so many significant digits, and tidy. */
double Rounded(double number, int digits);

} // namespace nattlab::sweep

#endif
