// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_TEST_SWEEP_SWEEP_TEXT_H
#define NATTLAB_TEST_SWEEP_SWEEP_TEXT_H

#include "helper/sweep/plan.h"

#include <string>
#include <vector>

namespace nattlab::test
{

/** Where sweeps of these tests are taken to stand. */
const std::string SWEEP_FILE = NATTLAB_SOURCE_DIR "/scenarios/sweeps/test.json";

/** \return a sweep over the article's scenario: "axes": {...} and what else is given. */
inline std::string
SweepText(const std::string& axes, const std::string& rest = "")
{
    return R"({"title": "t", "base": "../article/xp-behind-home-nat.json", "axes": {)" + axes +
           "}" + (rest.empty() ? "" : ", " + rest) + "}";
}

inline sweep::Plan
PlanOf(const std::string& axes, const std::string& rest = "")
{
    return sweep::Plan::ReadText(SweepText(axes, rest), SWEEP_FILE, {});
}

/** \return the values of all points, each as "a b c". */
inline std::vector<std::string>
PointsOf(const sweep::Plan& plan)
{
    std::vector<std::string> points;
    for (store::PointId id = 1; id <= plan.Size(); ++id)
    {
        std::string text;
        for (const auto& value : plan.At(id).values)
        {
            text += (text.empty() ? "" : " ") + sweep::ValueText(value);
        }
        points.push_back(text);
    }
    return points;
}

/** \return what stands at \p pointer in the scenario of a point; null when nothing does. */
inline scenario::Json
ValueAt(const sweep::Plan& plan, store::PointId id, const std::string& pointer)
{
    const auto document = plan.DocumentOf(plan.At(id));
    const scenario::Json::json_pointer place(pointer);
    return document.contains(place) ? document.at(place) : scenario::Json();
}

/** \return why a sweep is refused; "accepted" when it is not. */
inline std::string
Refusal(const std::string& axes, const std::string& rest = "")
{
    try
    {
        PlanOf(axes, rest);
    }
    catch (const scenario::ScenarioErrors& errors)
    {
        return errors.what();
    }
    return "accepted";
}

} // namespace nattlab::test

#endif
