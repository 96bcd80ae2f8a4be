package io.ringcast.transport.admin;

import io.ringcast.transport.LoggedLines;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;

/** Who lets others reach the admin port is told what that means. */
class AdminServerTest
{
    @RegisterExtension
    final LoggedLines lines = new LoggedLines(AdminServer.class);

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void shouldWarnGivenAnAddressThatOthersCanReach(final String host)
    {
        AdminServer.warn(new InetSocketAddress(host, 1));

        lines.assertWarned(" shows metrics, and health, to anybody who can reach it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1"})
    void shouldNotWarnOnThisMachine(final String host)
    {
        AdminServer.warn(new InetSocketAddress(host, 1));

        lines.assertSilent();
    }
}
