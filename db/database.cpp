#include "db/database_impl.hpp"

#include "db/database_url.hpp"
#include "db/transaction.hpp"

#include <random>
#include <thread>

namespace cunmai::db {

namespace {

constexpr int attempts_max = 5;

void pause_before_attempt(int attempt) {
    thread_local std::minstd_rand random{std::random_device{}()};
    std::this_thread::sleep_for(std::chrono::milliseconds(1 + random() % static_cast<unsigned>(10 * attempt)));
}

} // namespace

Database::Impl::Impl(const Options& options, const engine::Clock& clock) : clock_(clock), secret_(options.secret) {
    const auto url = parse_database_url(options.url);
    dialect_ = url.dialect;
    schema_name_ = url.schema;
    Connection::Target target{dialect_, soci_parameters(url), false, options.busy_timeout_ms, &counters_};
    writers_ = std::make_unique<Pool>(target, dialect_ == Dialect::sqlite ? 1 : options.pool_size);
    if (dialect_ == Dialect::sqlite) {
        target.read_only = true;
        readers_ = std::make_unique<Pool>(target, options.pool_size);
    }
}

void Database::Impl::write(const std::function<void(Connection&)>& work) {
    for (int attempt = 1;; ++attempt) {
        try {
            const auto session = writers().take();
            try {
                session->begin_write();
                work(*session);
                session->commit();
            } catch (...) {
                session->rollback();
                throw;
            }
            return;
        } catch (const SessionLost& lost) {
            writers().forget_idle();
            if (attempt == attempts_max) throw engine::StoreUnavailable(lost.what());
        } catch (const TryAgain& again) {
            if (attempt == attempts_max) throw engine::StoreUnavailable(again.what());
        }
        pause_before_attempt(attempt);
    }
}

void Database::Impl::read(const std::function<void(Connection&)>& work) {
    for (int attempt = 1;; ++attempt) {
        const auto session = readers().take();
        try {
            session->begin_read();
        } catch (const SessionLost&) { // it had been idle while the server went away; nothing has been read yet
            readers().forget_idle();
            if (attempt == 2) throw;
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

void Database::Impl::alone(const std::function<void(Connection&)>& work) {
    const auto session = writers().take();
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

void Database::write(const std::function<void(engine::Transaction&)>& work) {
    impl_->write([&](Connection& connection) {
        SqlTransaction transaction(connection, impl_->clock(), impl_->secret());
        work(transaction);
    });
}

void Database::read(const std::function<void(engine::Transaction&)>& work) {
    impl_->read([&](Connection& connection) {
        SqlTransaction transaction(connection, impl_->clock(), impl_->secret());
        work(transaction);
    });
}

bool Database::is_sqlite() const { return impl_->dialect() == Dialect::sqlite; }
const engine::Clock& Database::clock() const { return impl_->clock(); }

} // namespace cunmai::db
