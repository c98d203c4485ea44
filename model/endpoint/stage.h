// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_ENDPOINT_STAGE_H
#define NATTLAB_ENDPOINT_STAGE_H

#include "model/trace/event.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace nattlab
{

/** What a connection goes through, in order. Data is traffic over the finished tunnel. */
enum class Stage : std::uint8_t
{
    IkeMain,
    IkeQuick,
    L2tp,
    PppLcp,
    PppAuth,
    PppIpcp,
    Data,
};

/** \return the stable name, such as "ike-main". */
std::string_view NameOf(Stage stage);

/** \return the stage of this name. */
std::optional<Stage> StageFromName(std::string_view name);

/** \return the layer that a stage belongs to. */
Layer LayerOf(Stage stage);

} // namespace nattlab

#endif
