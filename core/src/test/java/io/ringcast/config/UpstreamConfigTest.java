package io.ringcast.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Confined to the test thread. */
final class UpstreamConfigTest
{
    private static final String SECRET = "5ecret";

    @ParameterizedTest
    @CsvSource({"ws://n, WS", "WSS://n/a?b=c, WSS", "http://n, HTTP", "https://n:1, HTTPS", "ipc:/a/b, IPC",
        "unix:/a/b, IPC", "unix:///a/b, IPC", "ipc:///a/b, IPC", "/a/b, IPC", "/a b/c%20=?#d, IPC"})
    void shouldKnowTheKindWhenTheUrlHasAScheme(final String url, final UpstreamKind kind)
    {
        assertEquals(kind, UpstreamConfig.of(url).kind());
    }

    @ParameterizedTest
    @CsvSource({"ipc:/a/b, /a/b", "unix:///a/b, /a/b", "/a b/c%20=?#d, /a b/c%20=?#d"})
    void shouldKeepThePathWhenTheUrlIsASocket(final String url, final String path)
    {
        assertEquals(path, UpstreamConfig.of(url).url().getPath());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc://user:" + SECRET + "@host/a", "ipc://host/a?key=" + SECRET})
    void shouldNotTellASecretOfAPathThatItRefuses(final String url)
    {
        final ConfigException refused = assertThrows(ConfigException.class, () -> UpstreamConfig.of(url));
        assertFalse(refused.getMessage().contains(SECRET), refused::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc:a", "ipc:", "ipc://host/a", "unix:a/b"})
    void shouldRefuseASocketWhenItsPathIsNotAbsolute(final String url)
    {
        assertEquals("url", assertThrows(ConfigException.class, () -> UpstreamConfig.of(url)).name());
    }

    @Test
    void shouldRefuseASocketWhenItsPathIsTooLong()
    {
        assertEquals("at most 107 bytes", assertThrows(ConfigException.class,
            () -> UpstreamConfig.of("/" + "x".repeat(107))).allowed());
    }

    @ParameterizedTest
    @CsvSource({"a=ws://n, a, ws://n", "ws://n/?a=b, other, ws://n/?a=b", "a.b-1=/x=y, a.b-1, ipc:/x=y",
        "/x=y, other, ipc:/x=y"})
    void shouldTakeTheNameWhenOneStandsBeforeTheUrl(final String text, final String name, final String url)
    {
        assertEquals(UpstreamConfig.of(name, url), UpstreamConfig.parse(text, "other"));
    }

    @Test
    void shouldShowNoSecretWhenPrinted()
    {
        for (final UpstreamConfig upstream : List.of(
            UpstreamConfig.of("wss://u:" + SECRET + "@n/" + SECRET + "?k=" + SECRET),
            UpstreamConfig.of("http://n").withHeader("X-Key", SECRET)))
        {
            assertFalse(upstream.toString().contains(SECRET), upstream.toString());
            assertFalse(upstream.place().contains(SECRET));
        }
    }

    @Test
    void shouldShowNoSecretWhenRefused()
    {
        Stream.<Executable>of(
            () -> UpstreamConfig.of("ftp://u:" + SECRET + "@n/" + SECRET),
            () -> UpstreamConfig.of("ws://u:" + SECRET + "@n:0/" + SECRET),
            () -> UpstreamConfig.of("ws://u:" + SECRET + "@n/" + SECRET + " x"),
            () -> UpstreamConfig.of("ws://n/" + SECRET + " x"),
            () -> UpstreamConfig.of("ws://n/#" + SECRET),
            () -> UpstreamConfig.of("ws://n").withHeader("a", SECRET + "\r\nb: c"),
            () -> UpstreamConfig.of("ws://n").withHeader("a:b", SECRET),
            () -> UpstreamConfig.of("ws://n").withHeader("Host", SECRET),
            () -> UpstreamConfig.of("ipc:/n").withHeader("a", SECRET),
            () -> UpstreamConfig.of("ws://u:" + SECRET + "@n").withHeader("authorization", SECRET),
            () -> UpstreamConfig.of("ws://u:" + SECRET + "@n").withTokenFile(Path.of("t")),
            () -> UpstreamConfig.of("ws://n/" + SECRET).withTrust(Path.of("t")))
            .map(refusal -> assertThrows(ConfigException.class, refusal).getMessage())
            .forEach(message ->
            {
                assertFalse(message.contains(SECRET), message);
                assertTrue(message.contains("; allowed: "), message);
            });
    }
}
