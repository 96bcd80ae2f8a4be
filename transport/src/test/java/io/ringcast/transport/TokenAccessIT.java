package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.ringcast.config.AccessConfig;
import io.ringcast.config.ConfigException;
import io.ringcast.config.JwtConfig;
import io.ringcast.config.RightsConfig;
import io.ringcast.config.SecretSource;
import io.ringcast.config.SubjectConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Date;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Signed tokens at the port. Confined to the test thread. */
class TokenAccessIT
{
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path directory;
    private TestBed bed;

    @AfterEach
    void stop()
    {
        if (bed != null)
        {
            bed.close();
        }
    }

    @Test
    void shouldLetInATokenOfItsAlgorithmAlone() throws Exception
    {
        final KeyPair rsa = keyPair("RSA");
        final KeyPair curve = keyPair("EC");
        final Path rsaFile = publicKey("rsa", rsa);
        final JWSSigner mac = new MACSigner(SECRET);
        final JWSSigner rsaSigner = new RSASSASigner(rsa.getPrivate());
        final JWSSigner curveSigner = new ECDSASigner((ECPrivateKey)curve.getPrivate());
        final String byMac = signed(JWSAlgorithm.HS256, mac, claims -> claims);
        final String byRsa = signed(JWSAlgorithm.RS256, rsaSigner, claims -> claims);
        final String byCurve = signed(JWSAlgorithm.ES256, curveSigner, claims -> claims);

        start(new JwtConfig(secret(), null, null, null, RightsConfig.defaults()));
        assertStatuses(101, 401, 401, byMac, byRsa, byCurve);
        assertEquals(401, status(signed(JWSAlgorithm.HS256, new MACSigner(SECRET + "x"), claims -> claims)));
        assertEquals(401, status(signed(JWSAlgorithm.HS512, new MACSigner(SECRET + SECRET), claims -> claims)));
        assertEquals(401, status(new PlainJWT(claims(set -> set)).serialize()));
        assertEquals(401, status(byMac.substring(0, byMac.length() - 2)));
        assertEquals(401, status("a.b.c"));
        assertEquals(401, status("..."));
        bed.close();

        start(new JwtConfig(null, rsaFile, null, null, RightsConfig.defaults()));
        assertStatuses(401, 101, 401, byMac, byRsa, byCurve);
        // The old trick: the public key taken for the secret of another algorithm.
        assertEquals(401, status(signed(
            JWSAlgorithm.HS256, new MACSigner(Files.readAllBytes(rsaFile)), claims -> claims)));
        bed.close();

        start(new JwtConfig(null, publicKey("curve", curve), null, null, RightsConfig.defaults()));
        assertStatuses(401, 401, 101, byMac, byRsa, byCurve);
    }

    @Test
    void shouldLookAtTimesIssuerAndAudience() throws Exception
    {
        start(new JwtConfig(secret(), null, "us", "relay", RightsConfig.defaults()));

        assertEquals(101, status(token(claims -> claims.issuer("us").audience("relay"))));
        assertEquals(401, status(token(claims -> claims.issuer("them").audience("relay"))));
        assertEquals(401, status(token(claims -> claims.issuer("us").audience("other"))));
        assertEquals(401, status(token(claims -> claims.issuer("us"))));
        assertEquals(401, status(token(claims -> claims.issuer("us").audience("relay").expirationTime(null))));
        assertEquals(401, status(token(claims -> claims.issuer("us").audience("relay").expirationTime(in(-1_000)))));
        assertEquals(401, status(token(claims -> claims.issuer("us").audience("relay").notBeforeTime(in(90_000)))));
        assertEquals(101, status(token(claims -> claims.issuer("us").audience("relay").notBeforeTime(in(9_000)))));
    }

    /** The file is looked at now and then; nobody has to start the relay anew. */
    @Test
    void shouldTakeAChangedSecretAndKeepTheOldOneGivenAShortOne() throws Exception
    {
        final String other = SECRET.replace('0', '9');
        start(new JwtConfig(secret(), null, null, null, RightsConfig.defaults()));
        replaceSecret("short");
        bed.awaitCount(RelayCounter.KEY_RELOADS_FAILED, 1);
        assertEquals(101, status(token(claims -> claims)));

        replaceSecret(other);
        final String renewed = signed(JWSAlgorithm.HS256, new MACSigner(other), claims -> claims);
        TestBed.await("the new secret", () -> statusOrZero(renewed) == 101);
        assertEquals(401, status(token(claims -> claims)));
    }

    @Test
    void shouldRefuseToStartGivenAKeyThatCannotBeUsedWithoutShowingIt() throws Exception
    {
        final Path shortSecret = Files.writeString(directory.resolve("short"), "5ecret5ecret5ecret");
        final KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        final Path shortKey = publicKey("weak", generator.generateKeyPair());

        assertRefused("access.jwt.secretFile=", SecretSource.file(shortSecret), null);
        assertRefused("access.jwt.secretEnv=", SecretSource.variable("RINGCAST_NO_SUCH_VARIABLE"), null);
        assertRefused("access.jwt.publicKeyFile=", null, shortSecret);
        assertRefused("access.jwt=", null, shortKey);
    }

    private void assertRefused(final String start, final SecretSource secret, final Path publicKey)
    {
        final JwtConfig jwt = new JwtConfig(secret, publicKey, null, null, RightsConfig.defaults());
        final String refusal = assertThrows(ConfigException.class, () -> start(jwt)).getMessage();
        assertTrue(refusal.startsWith(start), refusal);
        assertFalse(refusal.contains("5ecret"), refusal);
    }

    @Test
    void shouldCloseWith1008WhenTheTokenEnds() throws Exception
    {
        start(new JwtConfig(secret(), null, null, null, RightsConfig.defaults()));
        final RawClient client = bed.add(RawClient.open(bed.address()));
        // Dates of a token are whole seconds.
        client.send(request(token(claims -> claims.expirationTime(in(3_000)))));
        assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));

        assertEquals(1008, client.readClose());
        bed.awaitCount(RelayCounter.TOKENS_EXPIRED, 1);
    }

    /** Each subject for itself, by the configuration or as its own token says, all within what tokens may together. */
    @Test
    void shouldBoundEachSubjectForItself() throws Exception
    {
        start(new JwtConfig(secret(), null, null, null,
            RightsConfig.builder().set(RightsConfig.CONNECTIONS, 6).build(), SubjectConfig.builder()
                .set(RightsConfig.CONNECTIONS, 2).set(RightsConfig.SUBSCRIPTIONS, 1)
                .set(SubjectConfig.SUBJECTS, 3).build()));
        final String alice = token(claims -> claims.subject("alice"));
        final String bob = token(claims -> claims.subject("bob"));
        final String carol = token(claims -> claims.subject("carol").claim("ringcast", Map.of(
            "connections", 3, "subscriptions", 2)));
        final RawClient first = enter(alice);
        enter(alice);
        assertEquals(429, status(alice));
        enter(bob);
        for (int i = 0; i < 3; i++)
        {
            enter(carol);
        }
        assertEquals(429, status(bob), "six together");
        assertEquals(429, status(token(claims -> claims.subject("dave"))), "four subjects");

        first.subscribe("[\"newHeads\"]");
        assertTrue(first.call("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_subscribe\",\"params\":[\"logs\"]}")
            .contains("-32005"));
        first.close();
        TestBed.await("its end", () -> bed.relay().status().connections() == 5);
        TestBed.await("its subscription's end", () -> bed.relay().status().subscriptions() == 0);
        enter(alice).subscribe("[\"newHeads\"]");
        assertEquals(401, status(token(claims -> claims.claim("ringcast", Map.of("connections", "many")))));
    }

    private RawClient enter(final String token) throws IOException
    {
        final RawClient client = bed.add(RawClient.open(bed.address()));
        client.send(request(token));
        assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
        return client;
    }

    private void start(final JwtConfig jwt) throws IOException
    {
        bed = TestBed.start(Mode.USUAL, config -> config
            .doors(config.doors().toBuilder().fileCheckMs(20).build())
            .access(AccessConfig.builder().jwt(jwt).build()));
    }

    private SecretSource secret() throws IOException
    {
        return SecretSource.file(Files.writeString(directory.resolve("secret"), SECRET + "\n"));
    }

    private void replaceSecret(final String text) throws IOException
    {
        Files.move(Files.writeString(directory.resolve("new"), text), directory.resolve("secret"),
            StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path publicKey(final String name, final KeyPair pair) throws IOException
    {
        return Files.writeString(directory.resolve(name),
            TestCertificates.pem("PUBLIC KEY", pair.getPublic().getEncoded()));
    }

    private void assertStatuses(
        final int byMac, final int byRsa, final int byCurve, final String mac, final String rsa, final String curve)
        throws IOException
    {
        assertEquals(byMac, status(mac));
        assertEquals(byRsa, status(rsa));
        assertEquals(byCurve, status(curve));
    }

    private int status(final String token) throws IOException
    {
        try (RawClient client = RawClient.open(bed.address()))
        {
            client.send(request(token));
            return Integer.parseInt(client.readHead().split(" ")[1]);
        }
    }

    private int statusOrZero(final String token)
    {
        try
        {
            return status(token);
        }
        catch (final IOException e)
        {
            return 0;
        }
    }

    private static String request(final String token)
    {
        return "GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\nUpgrade: websocket\r\n" +
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    }

    private static String token(final UnaryOperator<JWTClaimsSet.Builder> change) throws Exception
    {
        return signed(JWSAlgorithm.HS256, new MACSigner(SECRET), change);
    }

    private static String signed(
        final JWSAlgorithm algorithm, final JWSSigner signer, final UnaryOperator<JWTClaimsSet.Builder> change)
        throws Exception
    {
        final SignedJWT jwt = new SignedJWT(new JWSHeader(algorithm), claims(change));
        jwt.sign(signer);
        return jwt.serialize();
    }

    private static JWTClaimsSet claims(final UnaryOperator<JWTClaimsSet.Builder> change)
    {
        return change.apply(new JWTClaimsSet.Builder().subject("somebody").expirationTime(in(60_000))).build();
    }

    private static Date in(final long ms)
    {
        return new Date(System.currentTimeMillis() + ms);
    }

    private static KeyPair keyPair(final String algorithm) throws Exception
    {
        final KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if ("EC".equals(algorithm))
        {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        }
        else
        {
            generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }
}
