package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.node.access.Action;
import io.seawall.node.access.Need;
import io.seawall.node.http.exchange.Router;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouteNeedsTest {
    private final HttpFixture http = new HttpFixture();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void everyRouteStatesItsNeed() {
        assertThat(http.server.routes())
                .isNotEmpty()
                .allSatisfy(route -> assertThat(RouteNeeds.isStated(route))
                        .as(route.method() + " " + route.template())
                        .isTrue());
    }

    @Test
    void noNeedIsOfARouteThatIsNotThere() {
        var routes = new TreeSet<String>();
        http.server.routes().forEach(route -> routes.add(route.method() + " " + route.template()));

        assertThat(routes).containsAll(RouteNeeds.routes()).hasSameSizeAs(RouteNeeds.routes());
    }

    @Test
    void aRouteThatStatesNoneNeedsAdminForEverything() {
        var route = new Router.Route("GET", "/v1/new", exchange -> {});

        assertThat(RouteNeeds.of(new Router.Match(route, Map.of()))).isEqualTo(Need.ofAll(Action.ADMIN));
        assertThat(RouteNeeds.isOpen(route)).isFalse();
    }

    @Test
    void openAreHealthAndTheDescriptionAlone() {
        assertThat(http.server.routes().stream().filter(RouteNeeds::isOpen).map(Router.Route::template))
                .containsExactlyInAnyOrder("/livez", "/readyz", "/openapi.json");
    }
}
