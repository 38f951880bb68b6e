#include "db/kernel/database_impl.hpp"

#include "db/kernel/database_url.hpp"
#include "db/kernel/dialect.hpp"
#include "db/kernel/transaction.hpp"

#include <thread>

namespace cunmai::db {

namespace {

constexpr int reads_begun_max = 5;
constexpr auto nodes_asked_at_most = std::chrono::seconds(6); // one that is silent is asked twice, 2 s each

} // namespace

Database::Impl::Impl(const Options& options, const engine::Clock& clock) : clock_(clock), secret_(options.secret) {
    const auto url = parse_database_url(options.url);
    dialect_ = url.dialect;
    schema_name_ = url.schema;
    Connection::Target target{dialect_,   soci_parameters(url), false, options.busy_timeout_ms,
                              &counters_, options.probe};
    if (dialect_ == Dialect::sqlite) create_sqlite(target.connect);
    if (dialect_ == Dialect::mysql) {
        nodes_ = Nodes::of(target.connect);
        if (auto* observer = options.observer)
            node_switches_ = std::make_unique<Nodes::Subscription>(
                *nodes_, Nodes::Listener{{}, [observer](const Nodes::Switch& one) {
                                             observer->node_switched(one.from, one.to, one.why);
                                         }});
    }
    writers_ = std::make_unique<Pool>(target, dialect_ == Dialect::sqlite ? 1 : options.pool_size);
    if (dialect_ == Dialect::sqlite || url.reads_any) {
        target.read_only = true;
        readers_ = std::make_unique<Pool>(target, options.pool_size);
    }
    executor_ =
        std::make_unique<Executor>(*writers_, dialect_ == Dialect::sqlite ? 1 : std::max(1, options.lanes), options);
}

void Database::Impl::read(const std::function<void(Connection&)>& work) {
    for (int attempt = 1;; ++attempt) {
        const auto session = readers().take();
        try {
            session->begin_read();
        } catch (const TryAgain&) { // lost while it was idle, or its node is leaving; nothing has been read yet
            readers().forget_idle();
            if (attempt == reads_begun_max) throw;
            std::this_thread::sleep_for(std::chrono::milliseconds(20 * (attempt - 1)));
            continue;
        }
        try {
            work(*session);
        } catch (...) {
            session->rollback();
            throw;
        }
        session->rollback();
        return;
    }
}

std::vector<Nodes::Look> Database::Impl::nodes() {
    return nodes_ ? nodes_->all(nodes_asked_at_most) : std::vector<Nodes::Look>();
}

void Database::Impl::alone(const std::function<void(Connection&)>& work) {
    const auto session = writers().take_for_long_work();
    try {
        work(*session);
    } catch (...) {
        session->abandon(); // with whatever it still holds
        throw;
    }
}

Database::Database(const Options& options, const engine::Clock& clock)
    : impl_(std::make_unique<Impl>(options, clock)) {}
Database::~Database() = default;

void Database::write(const std::function<void(engine::Transaction&)>& work) { write_expecting({}, work); }

namespace {

void run_in(Database::Impl& impl, Connection& connection, const std::function<void(engine::Transaction&)>& work) {
    SqlTransaction transaction(connection, impl.clock(), impl.secret(), impl.knowledge(), impl.known_documents());
    work(transaction);
}

} // namespace

void Database::write_expecting(const engine::Expected& expected,
                               const std::function<void(engine::Transaction&)>& work) {
    impl_->write([&](Connection& connection) { run_in(*impl_, connection, work); }, expected);
}

void Database::read(const std::function<void(engine::Transaction&)>& work) {
    impl_->read([&](Connection& connection) { run_in(*impl_, connection, work); });
}

std::size_t Database::waiting() const { return impl_->waiting(); }
bool Database::is_sqlite() const { return impl_->dialect() == Dialect::sqlite; }
const engine::Clock& Database::clock() const { return impl_->clock(); }

} // namespace cunmai::db
