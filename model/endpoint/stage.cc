// SPDX-License-Identifier: GPL-2.0-only
#include "model/endpoint/stage.h"

namespace nattlab
{

namespace
{

struct Row
{
    Stage stage;
    std::string_view name;
    Layer layer;
};

constexpr Row ROWS[] = {
    {Stage::IkeMain, "ike-main", Layer::Ike},
    {Stage::IkeQuick, "ike-quick", Layer::Ike},
    {Stage::L2tp, "l2tp", Layer::L2tp},
    {Stage::PppLcp, "ppp-lcp", Layer::Ppp},
    {Stage::PppAuth, "ppp-auth", Layer::Ppp},
    {Stage::PppIpcp, "ppp-ipcp", Layer::Ppp},
    {Stage::Data, "data", Layer::Data},
};

} // namespace

std::string_view
NameOf(Stage stage)
{
    return ROWS[static_cast<std::size_t>(stage)].name;
}

std::optional<Stage>
StageFromName(std::string_view name)
{
    for (const Row& row : ROWS)
    {
        if (row.name == name)
        {
            return row.stage;
        }
    }
    return std::nullopt;
}

Layer
LayerOf(Stage stage)
{
    return ROWS[static_cast<std::size_t>(stage)].layer;
}

} // namespace nattlab
