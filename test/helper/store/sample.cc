// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/store/sample.h"

#include <sstream>
#include <unistd.h>

namespace nattlab::store
{

StoreTest::StoreTest()
    : m_folder(std::filesystem::path(testing::TempDir()) /
               ("nattlab-store-" + std::to_string(::getpid())))
{
    std::filesystem::remove_all(m_folder);
    std::filesystem::create_directories(m_folder);
}

StoreTest::~StoreTest()
{
    std::filesystem::remove_all(m_folder);
}

std::string
StoreTest::Path(const std::string& name) const
{
    return (m_folder / name).string();
}

SweepIdentity
SampleIdentity(std::uint64_t points)
{
    SweepIdentity identity;
    identity.version = "0.1.0";
    identity.schema = std::string(64, 'a');
    identity.sweep = std::string(64, 'b');
    identity.title = "Made up";
    identity.document = R"({"title": "Made up"})";
    identity.axes = {"system", "clients", "loss", "forward", "Reason"};
    identity.points = points;
    return identity;
}

Invocation
SampleInvocation()
{
    Invocation invocation;
    invocation.started = "2026-11-22T14:03:11Z";
    invocation.host = "lab";
    invocation.command = "nattlab sweep made-up.json";
    invocation.workers = 2;
    return invocation;
}

PointRow
SamplePoint(PointId id)
{
    PointRow point;
    point.id = id;
    point.values = {id % 2 == 0 ? "windows-xp, \"SP2\"" : "windows-7\nZürich",
                    static_cast<std::int64_t>(id) - 5,
                    static_cast<double>(id) / 10,
                    id % 3 == 0,
                    id % 4 == 0   ? AxisValue(std::int64_t{1})
                    : id % 4 == 1 ? AxisValue(true)
                                  : AxisValue(std::string("1"))};
    point.seed = 0xFFFFFFFFFFFFFFFF - id;
    point.replicate = 1 + id % 2;
    if (id % 5 == 3 || id % 5 == 4)
    {
        point.status = id % 5 == 3 ? PointStatus::Invalid : PointStatus::Fault;
        point.problem = "/hosts/a: \"x\", é\r\nexpected \xFF";
        return point;
    }
    point.simulated = 12.5;
    point.packets = 60 + id;
    point.delivered = 50;
    point.dropped = 10 + id;
    ConnectionRow& vpn = point.connections.emplace_back();
    vpn.name = "vpn";
    vpn.client = "alice";
    vpn.server = "gateway";
    vpn.verdict = "connected";
    vpn.started = 0.5;
    vpn.timeToSettle = 0.1 + 0.2;
    vpn.timeIkeMain = 1e-7;
    vpn.timeIkeQuick = 1.0 / 3;
    vpn.timeL2tp = 0;
    vpn.timePpp = 2;
    vpn.packets = 31;
    vpn.bytes = 4711;
    vpn.attempts = 1;
    vpn.nat = "client";
    vpn.natTraversal = "rfc3947";
    vpn.encapsulation = "udp";
    vpn.group = 2;
    ConnectionRow& other = point.connections.emplace_back();
    other.name = "other, \"one\"";
    other.client = "bob";
    other.verdict = "failed";
    other.stage = "ike-main";
    other.reason = id % 2 == 0 ? "nat.filtered" : "firewall.rule";
    other.box = "isp";
    other.rule = "drop 'udp' 4500";
    other.error = 678;
    other.retransmissions = 5;
    other.clearText = true;
    other.drops = {{"nat.filtered", 3}, {"link.lost", id}};
    TrafficRow& ping = point.traffic.emplace_back();
    ping.name = "ping";
    ping.expected = 4;
    ping.arrived = id % 5;
    ping.reason = "link.lost";
    point.traffic.emplace_back().name = "second";
    return point;
}

void
WriteSample(const std::string& directory,
            const SweepIdentity& identity,
            const std::vector<PointId>& ids,
            Writer::Mode mode)
{
    Writer writer(directory, identity, SampleInvocation(), mode);
    for (const PointId id : ids)
    {
        writer.Add(SamplePoint(id));
    }
    writer.Finish(1.5, true);
}

std::vector<PointId>
Ids(PointId last)
{
    std::vector<PointId> ids;
    for (PointId id = 1; id <= last; ++id)
    {
        ids.push_back(id);
    }
    return ids;
}

std::string
Csv(const std::string& directory, const std::vector<std::string>& terms, ExportForm form)
{
    const Reader reader(directory);
    std::ostringstream out;
    ExportCsv(reader, Filter(terms, reader.Identity().axes), out, form);
    return out.str();
}

std::string
JsonLines(const std::string& directory, ExportForm form)
{
    const Reader reader(directory);
    std::ostringstream out;
    ExportJsonLines(reader, Filter(), out, form);
    return out.str();
}

std::string
AllExports(const std::string& directory)
{
    std::string all;
    for (const ExportForm form : {ExportForm::Connections, ExportForm::Points, ExportForm::Traffic})
    {
        all += Csv(directory, {}, form) + JsonLines(directory, form);
    }
    return all;
}

} // namespace nattlab::store
