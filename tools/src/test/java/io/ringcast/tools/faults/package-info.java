/** What happens to clients of a relay while its upstreams and the way to them are made to fail. */
package io.ringcast.tools.faults;
