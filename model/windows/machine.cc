// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/machine.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace nattlab::windows
{

namespace
{

constexpr Component ALL_COMPONENTS[]{Component::IpsecDriver,
                                     Component::L2tpDriver,
                                     Component::PolicyAgent,
                                     Component::RasMan};

} // namespace

Machine::Machine(std::string name,
                 Installation installed,
                 std::map<std::string, Installation> updates,
                 Registry registry,
                 Tools tools)
    : m_name(std::move(name)),
      m_base(std::move(installed)),
      m_updates(std::move(updates)),
      m_registry(std::move(registry)),
      m_tools(tools)
{
}

System
Machine::Running() const
{
    System system = m_installed.empty() ? m_base.system : m_updates.at(m_installed).system;
    system.newTools = m_tools == Tools::New;
    return system;
}

/** \return the files' configuration with what each component has read. */
HostConfig
Machine::Compose() const
{
    HostConfig config = m_installed.empty() ? m_base.config : m_updates.at(m_installed).config;
    for (const Component component : ALL_COMPONENTS)
    {
        const auto seen = m_seen.find(component);
        if (seen != m_seen.end())
        {
            ApplyRegistry(seen->second, Running(), component, config);
        }
    }
    return config;
}

void
Machine::Read(Component component)
{
    if (m_registry.Values().empty())
    {
        m_seen.erase(component);
        return;
    }
    m_seen[component] = m_registry;
    HostConfig scratch = m_installed.empty() ? m_base.config : m_updates.at(m_installed).config;
    for (std::string& line : ApplyRegistry(m_registry, Running(), component, scratch))
    {
        m_notes.push_back({std::string(NameOf(component)), std::move(line)});
    }
}

HostConfig
Machine::Boot(Instant now)
{
    if (m_pending)
    {
        const bool removed = m_pending->empty();
        m_notes.push_back(
            {removed ? m_installed : *m_pending,
             removed ? "its files are replaced by the old ones" : "its files are in place"});
        if (removed && m_tools == Tools::New)
        {
            m_tools = Tools::Old;
        }
        m_installed = *std::exchange(m_pending, std::nullopt);
    }
    m_dynamic.clear();
    for (const Component component : ALL_COMPONENTS)
    {
        Read(component);
    }
    SetLogging(OakleyLoggingAtStart(m_registry, Running()).value_or(false), now);
    m_policyChanged = m_assigned.has_value();
    return Compose();
}

HostConfig
Machine::Start(Service service, Instant now)
{
    if (service == Service::Ipsec)
    {
        Read(Component::PolicyAgent);
        SetLogging(OakleyLoggingAtStart(m_registry, Running()).value_or(m_logging), now);
    }
    else
    {
        Read(Component::RasMan);
    }
    return Compose();
}

void
Machine::Stop(Service service, Instant)
{
    if (service == Service::Ipsec && !m_dynamic.empty())
    {
        m_dynamic.clear();
        m_policyChanged = true;
    }
}

void
Machine::Install(const std::string& update)
{
    if (m_installed == update && !m_pending)
    {
        m_notes.push_back({update, "is installed already"});
        return;
    }
    m_pending = update;
    m_notes.push_back({update, "is installed; its files wait for a reboot"});
    if (m_tools == Tools::Old)
    {
        m_tools = Tools::New;
        m_notes.push_back({update, "set-up upgrades the support tools"});
    }
}

void
Machine::Remove(const std::string& update)
{
    if (m_pending == update)
    {
        m_pending.reset();
        m_notes.push_back({update, "is removed before it took effect"});
    }
    else if (m_installed == update)
    {
        m_pending = "";
        m_notes.push_back({update, "is removed; the old files wait for a reboot"});
    }
    else
    {
        m_notes.push_back({update, "is not installed"});
    }
}

void
Machine::InstallTools(Tools tools)
{
    m_tools = tools;
    m_notes.push_back({"support tools",
                       tools == Tools::New ? "those of the update are installed"
                                           : "those of the release are installed"});
}

void
Machine::SetRegistry(const std::string& path, const RegistryValue& value)
{
    m_registry.Set(path, value);
    m_notes.push_back({"registry", DescribeEffect(path, value, Running())});
}

void
Machine::DeleteRegistry(const std::string& path)
{
    const bool was = m_registry.Remove(path);
    m_notes.push_back({"registry", path + (was ? " is deleted" : " is not there")});
}

ToolResult
Machine::RunTool(const std::string& line, const IpsecStatus& status)
{
    std::vector<std::string> words;
    try
    {
        words = SplitCommandLine(line);
    }
    catch (const std::invalid_argument& error)
    {
        return {1, std::string(error.what()) + "\n", {}};
    }
    if (m_tools == Tools::None)
    {
        return {1, "The support tools are not installed on " + m_name + ".\n", {}};
    }
    ToolContext context;
    context.system = Running();
    context.status = status;
    context.computer = m_name;
    context.logging = m_logging;
    context.stored = m_stored;
    context.assigned = m_assigned;
    context.dynamic = m_dynamic;
    ToolResult result = RunIpseccmd(words, context);
    for (const ToolChange& change : result.changes)
    {
        Apply(change, status.now);
    }
    return result;
}

void
Machine::Apply(const ToolChange& change, Instant now)
{
    const auto storedAs = [this](const std::string& name)
    {
        return std::find_if(m_stored.begin(),
                            m_stored.end(),
                            [&](const IpsecPolicy& policy) { return policy.name == name; });
    };
    if (const auto* logging = std::get_if<windows::SetLogging>(&change))
    {
        SetLogging(logging->on, now);
        m_notes.push_back({"Oakley.log", logging->on ? "is written" : "is not written"});
        return;
    }
    m_policyChanged = true;
    if (const auto* store = std::get_if<StorePolicy>(&change))
    {
        const auto known = storedAs(store->policy.name);
        if (known == m_stored.end())
        {
            m_stored.push_back(store->policy);
        }
        else
        {
            *known = store->policy;
        }
        m_notes.push_back({store->policy.name, "IPsec policy is stored"});
    }
    else if (const auto* assign = std::get_if<AssignPolicy>(&change))
    {
        m_assigned = assign->name;
        m_notes.push_back({assign->name, "IPsec policy is assigned"});
    }
    else if (std::holds_alternative<UnassignPolicy>(change))
    {
        m_notes.push_back({m_assigned.value_or("IPsec policy"), "is unassigned"});
        m_assigned.reset();
    }
    else if (const auto* del = std::get_if<DeletePolicy>(&change))
    {
        const auto known = storedAs(del->name);
        if (known != m_stored.end())
        {
            m_stored.erase(known);
        }
        m_notes.push_back({del->name, "IPsec policy is deleted"});
    }
    else if (const auto* add = std::get_if<AddDynamic>(&change))
    {
        m_dynamic.push_back(add->rule);
        SortBySpecificity(m_dynamic);
        m_notes.push_back({add->rule.name, "dynamic IPsec rule is added"});
    }
    else if (std::holds_alternative<DeleteDynamic>(change))
    {
        m_dynamic.clear();
        m_notes.push_back({"dynamic IPsec rules", "are deleted"});
    }
}

bool
Machine::TakePolicyChange()
{
    return std::exchange(m_policyChanged, false);
}

std::optional<IpsecPolicy>
Machine::AssignedPolicy() const
{
    for (const IpsecPolicy& policy : m_stored)
    {
        if (m_assigned == policy.name)
        {
            return policy;
        }
    }
    return std::nullopt;
}

std::vector<Note>
Machine::TakeNotes()
{
    return std::exchange(m_notes, {});
}

void
Machine::SetLogging(bool on, Instant now)
{
    if (on == m_logging)
    {
        return;
    }
    m_logging = on;
    if (on)
    {
        m_logged.emplace_back(now, std::nullopt);
    }
    else
    {
        m_logged.back().second = now;
    }
}

std::vector<std::pair<Instant, Instant>>
Machine::LoggingPeriods(Instant now) const
{
    std::vector<std::pair<Instant, Instant>> periods;
    for (const auto& [from, to] : m_logged)
    {
        periods.emplace_back(from, to.value_or(now));
    }
    return periods;
}

} // namespace nattlab::windows
