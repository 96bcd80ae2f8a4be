package io.ringcast.transport.door;

import io.ringcast.config.HostPort;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.RelayConfigYaml;
import io.ringcast.transport.LoggedLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who binds wider than this machine is told what that means. */
class WideBindingTest
{
    @RegisterExtension
    final LoggedLines lines = new LoggedLines(ClientAccess.class);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void shouldWarnOnceGivenNeitherKeysNorCertificates(final String host)
    {
        new ClientAccess(config(host, "")).readKeys();

        lines.assertWarned("lets anybody in who can reach it");
    }

    @Test
    void shouldWarnOfTheClearGivenKeysWithoutTls() throws IOException
    {
        final Path secret = Files.writeString(directory.resolve("secret"), "a-secret-of-16-letters");

        new ClientAccess(config("0.0.0.0",
            "access: {keys: [{name: a, secretFile: \"" + secret + "\"}]}\n")).readKeys();

        lines.assertWarned("takes keys in the clear");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1"})
    void shouldNotWarnOnThisMachine(final String host)
    {
        new ClientAccess(config(host, "")).readKeys();

        lines.assertSilent();
    }

    private static RelayConfig config(final String host, final String more)
    {
        return RelayConfigYaml.builder("network: {upstreams: [\"ws://127.0.0.1:1\"]}\n" + more)
            .listen(new HostPort(host, 1)).build();
    }
}
