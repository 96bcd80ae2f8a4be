package io.ringcast.config;

/** Who does the cryptography of TLS. Immutable. */
public enum TlsChoice
{
    /** OpenSSL where its library loads, else the JDK. */
    AUTO,
    /** OpenSSL (BoringSSL, which comes along); refused at start where it does not load. Costs less a byte. */
    OPENSSL,
    /** The JDK's own: the same on every machine. */
    JDK
}
