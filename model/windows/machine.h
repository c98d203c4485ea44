// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The life of a Windows machine: what set-up installs, what the registry holds, which component has
 * read which of it, and what tools have changed. It drives nothing: it says what the host is to be.
 */
#ifndef NATTLAB_WINDOWS_MACHINE_H
#define NATTLAB_WINDOWS_MACHINE_H

#include "model/endpoint/host.h"
#include "model/windows/ipseccmd.h"
#include "model/windows/registry-effect.h"
#include "model/windows/registry.h"
#include "model/windows/system.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nattlab::windows
{

/** Which support tools are on a machine. */
enum class Tools : std::uint8_t
{
    None,
    Old, //!< those of the release
    New, //!< those of the update
};

/** One state of a machine's files. */
struct Installation
{
    System system;     //!< newTools is the machine's business
    HostConfig config; //!< without the registry
};

/** Something that changed, for the log. */
struct Note
{
    std::string subject; //!< "KB818043"
    std::string detail;
};

/**
 * One machine. What is installed, removed or written takes effect when the component that it is for
 * starts: files at the next boot, registry values when their reader starts.
 */
class Machine
{
  public:
    /**
     * \param name of the computer
     * \param installed at the start
     * \param updates what the machine becomes by each update
     * \param registry at the start
     */
    Machine(std::string name,
            Installation installed,
            std::map<std::string, Installation> updates,
            Registry registry,
            Tools tools);

    /**
     * The machine starts: set-up replaces the files that were in use, and every component reads
     * its values.
     */
    HostConfig Boot(Instant now);

    /** A service starts: it reads its values. */
    HostConfig Start(Service service, Instant now);

    /** A service stops: the dynamic rules go with the IPsec service. */
    void Stop(Service service, Instant now);

    /**
     * Run set-up of an update. It upgrades support tools that are there at once; the system's own
     * files are in use, and wait for a reboot.
     */
    void Install(const std::string& update);

    /** Remove an update; the old files come back at the next boot. */
    void Remove(const std::string& update);

    /** Put support tools on the machine, as from a CD. */
    void InstallTools(Tools tools);

    /** \throws std::invalid_argument when the path is none. */
    void SetRegistry(const std::string& path, const RegistryValue& value);

    /** \throws std::invalid_argument when the path is none. */
    void DeleteRegistry(const std::string& path);

    /**
     * Run a command line of ipseccmd or ipsecpol.
     * \param status of this host's IPsec, now
     */
    ToolResult RunTool(const std::string& line, const IpsecStatus& status);

    /** \return true once after a tool has changed the rules in force. */
    bool TakePolicyChange();

    std::vector<PolicyRule> DynamicRules() const
    {
        return m_dynamic;
    }

    /** \return the stored policy that is assigned. */
    std::optional<IpsecPolicy> AssignedPolicy() const;

    /** \return what has changed since the last call. */
    std::vector<Note> TakeNotes();

    /** \return the system that runs. */
    System Running() const;

    const Registry& GetRegistry() const
    {
        return m_registry;
    }

    /** \return the times in which Oakley.log was written; the last one may still go on. */
    std::vector<std::pair<Instant, Instant>> LoggingPeriods(Instant now) const;

  private:
    HostConfig Compose() const;
    void Read(Component component);
    void SetLogging(bool on, Instant now);
    void Apply(const ToolChange& change, Instant now);

    std::string m_name;
    Installation m_base;
    std::map<std::string, Installation> m_updates;
    std::string m_installed; //!< update whose files run; empty: none
    std::optional<std::string> m_pending;
    Registry m_registry;
    std::map<Component, Registry> m_seen; //!< as it was when the component started
    Tools m_tools;
    bool m_logging{false};
    std::vector<std::pair<Instant, std::optional<Instant>>> m_logged;
    std::vector<IpsecPolicy> m_stored;
    std::optional<std::string> m_assigned;
    std::vector<PolicyRule> m_dynamic;
    bool m_policyChanged{false};
    std::vector<Note> m_notes;
};

} // namespace nattlab::windows

#endif
