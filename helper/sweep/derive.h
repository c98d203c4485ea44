// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_DERIVE_H
#define NATTLAB_SWEEP_DERIVE_H

#include "helper/scenario/problem.h"
#include "helper/scenario/reader.h"
#include "helper/scenario/section.h"
#include "helper/sweep/axis-path.h"
#include "helper/sweep/axis.h"
#include "helper/sweep/condition.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nattlab::sweep
{

/** An element of `derive`: what is put into a scenario after the values of all axes. */
class Derivation
{
  public:
    /**
     * \param value the element, checked against the schema
     * \param pointer where it stands
     * \param axes that it may name
     * \param report gets what is wrong
     */
    static std::optional<Derivation> Parse(const scenario::Json& value,
                                           const std::string& pointer,
                                           const std::vector<Axis>& axes,
                                           scenario::Report& report);

    /** Where it stands in the sweep file. */
    const std::string& Place() const
    {
        return m_place;
    }

    /**
     * Put the value into a scenario, where its condition holds.
     * \return what is in the way.
     */
    std::optional<scenario::Problem> Apply(scenario::Json& document,
                                           const std::vector<Axis>& axes,
                                           const std::vector<Choice>& choices,
                                           std::uint64_t seed,
                                           std::uint64_t replicate) const;

  private:
    /** A part of a template: text, then the value of something. */
    struct Part
    {
        enum class What
        {
            Nothing,
            Axis,
            Seed,
            Replicate,
        };

        std::string text;
        What what{What::Nothing};
        std::size_t axis{0};
    };

    enum class Form
    {
        Patch,
        Value,
        Text,
        Number,
        Map,
    };

    bool ParseTemplate(const std::string& text,
                       const std::string& pointer,
                       const std::vector<Axis>& axes,
                       scenario::Report& report);
    bool ParseOf(const scenario::Json& value,
                 const std::string& pointer,
                 const std::vector<Axis>& axes,
                 scenario::Report& report);
    scenario::Json Number(const Axis& axis, const Choice& choice) const;

    std::string m_place;
    std::optional<Path> m_path;
    Condition m_when;
    Form m_form{Form::Value};
    scenario::Json m_value; //!< or the patch
    std::vector<Part> m_parts;
    std::size_t m_axis{0};
    double m_times{1};
    double m_plus{0};
    std::string m_unit;   //!< of the number; empty: a number without
    bool m_integer{true}; //!< factors are whole, and so may the number be
    std::map<std::string, scenario::Json> m_map;
};

} // namespace nattlab::sweep

#endif
