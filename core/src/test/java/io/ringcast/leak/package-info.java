/** Fails the tests of any module that lose a buffer; in core's test jar, and found by JUnit by itself. */
package io.ringcast.leak;
