// Finds the route of a request. Literal segments win over {parameters}; one parameter is one segment.
#pragma once

#include "adapters/http/edge/http.hpp"

namespace cunmai::http {

class Router {
  public:
    explicit Router(std::vector<Route> routes); // throws std::logic_error when two routes mean the same

    struct Match {
        const Route* route = nullptr;
        std::map<std::string, std::string> params;
        std::vector<std::string> allowed; // methods of this path, when the path is known but not the method
    };
    // `path` as sent, still percent-encoded. HEAD finds GET.
    Match find(const std::string& method, std::string_view path) const; // throws Problem 400 bad_path
    const std::vector<Route>& routes() const { return routes_; }

  private:
    std::vector<Route> routes_;
    std::vector<std::vector<std::string>> segments_; // of each route's pattern
};

} // namespace cunmai::http
