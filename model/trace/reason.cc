// SPDX-License-Identifier: GPL-2.0-only
#include "model/trace/reason.h"

namespace nattlab
{

const std::vector<ReasonInfo>&
AllReasons()
{
    static const std::vector<ReasonInfo> rows{
#define NATTLAB_REASON(name, id, who, meaning, user) {Reason::name, id, who, meaning, user},
#include "model/trace/reason.def"
#undef NATTLAB_REASON
    };
    return rows;
}

const ReasonInfo&
InfoOf(Reason reason)
{
    static const ReasonInfo none{Reason::None, "none", "", "", ""};
    return reason == Reason::None ? none : AllReasons()[static_cast<std::size_t>(reason) - 1];
}

std::string_view
IdOf(Reason reason)
{
    return InfoOf(reason).id;
}

std::optional<Reason>
ReasonFromId(std::string_view id)
{
    for (const ReasonInfo& row : AllReasons())
    {
        if (row.id == id)
        {
            return row.reason;
        }
    }
    return std::nullopt;
}

} // namespace nattlab
