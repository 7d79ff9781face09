// Whether a statement applies to a request: outcome, reason and rule of every element.
#include "policy_match.hpp"

#include "policy/condition_keys.hpp"

using namespace policy_tests;

TEST_CASE("How a Principal names each kind of caller (IL:P-02 … IL:P-09, IL:P-13, P-01, P-02, P-03, P-04, P-05, P-06, P-15)") {
    auto as = [](std::string const& principal, Caller const& who) { return named(principal, who).match.as; };
    CHECK(as(R"("*")", user()) == NamedAs::everyone);
    CHECK(as(R"({"AWS": "*"})", session()) == NamedAs::everyone);
    CHECK(as(R"({"AWS": "111122223333"})", user()) == NamedAs::account);
    CHECK(as(R"({"AWS": "arn:aws:iam::111122223333:root"})", session()) == NamedAs::account);
    CHECK(as(R"({"AWS": "arn:aws:iam::111122223333:root"})", federated()) == NamedAs::account);
    CHECK(as(R"({"AWS": "111122223333"})", root()) == NamedAs::root);
    CHECK(as(R"({"AWS": "444455556666"})", user()) == NamedAs::nobody);
    CHECK(as(R"({"AWS": "arn:aws-cn:iam::111122223333:root"})", user()) == NamedAs::nobody);
    CHECK(as(R"({"AWS": "arn:aws:iam::111122223333:user/Alice"})", user()) == NamedAs::user);
    CHECK(as(R"({"AWS": "arn:aws:iam::111122223333:user/alice"})", user()) == NamedAs::nobody);
    CHECK(as(R"({"AWS": "arn:aws:iam::111122223333:role/app"})", session()) == NamedAs::role);
    CHECK(as(R"({"AWS": "arn:aws:iam::111122223333:role/svc/app"})", session()) ==
          NamedAs::role);    // the path of an unlisted role is unknown
    CHECK(as(R"({"AWS": "arn:aws:sts::111122223333:assumed-role/app/s1"})", session()) == NamedAs::session);
    CHECK(as(R"({"AWS": "arn:aws:sts::111122223333:assumed-role/app/s2"})", session()) == NamedAs::nobody);
    CHECK(as(R"({"AWS": "arn:aws:sts::111122223333:federated-user/Fay"})", federated()) == NamedAs::federatedUser);
    CHECK(as(R"({"AWS": "arn:aws:iam::111122223333:user/Alice"})", federated()) == NamedAs::userOfFederated);
    CHECK(as(R"({"Service": "logs.us-east-1.amazonaws.com"})", service()) == NamedAs::service);
    CHECK(as(R"({"Service": "logs.amazonaws.com"})", service()) == NamedAs::nobody);
    CHECK(as(R"({"AWS": "logs.us-east-1.amazonaws.com"})", service()) == NamedAs::nobody);
    CHECK(as(R"({"Service": "logs.us-east-1.amazonaws.com"})", user()) == NamedAs::nobody);
    CHECK(as(R"({"AWS": []})", user()) == NamedAs::nobody);    // IL:P-17
    CHECK(as(R"({})", user()) == NamedAs::nobody);
    auto everyone = named(R"({"AWS": "*"})", service());    // IL:P-03: assumed
    CHECK(everyone.match.as == NamedAs::everyone);
    CHECK(everyone.match.assumptions == std::vector<std::string>{"IL:P-03"});
    CHECK(named(R"({"AWS": "*"})", user()).match.assumptions.empty());
}

TEST_CASE("The form that is limited least counts when a statement names a caller twice (E-20)") {
    CHECK(named(R"({"AWS": ["111122223333", "arn:aws:iam::111122223333:role/app", "arn:aws:sts::111122223333:assumed-role/app/s1"]})",
                session())
              .match.as == NamedAs::session);
    auto r = named(R"({"AWS": ["111122223333", "arn:aws:iam::111122223333:role/app"]})", session());
    CHECK(r.match.as == NamedAs::role);
    CHECK(r.match.named == Named::directly);
    CHECK(r.param("principal", "expected") == R"("arn:aws:iam::111122223333:role/app")");
}

TEST_CASE("The account statement delegates, for the root user it is enough (E-04, E-05)") {
    auto r = named(R"({"AWS": "111122223333"})", user());
    CHECK(r.match.applies);
    CHECK(r.match.named == Named::delegated);
    CHECK(r.reason() == "statement.delegates");
    CHECK(r.match.rule == "E-04");
    CHECK(r.test("principal").string_or("reason") == "principal.viaAccount");
    CHECK(named(R"({"AWS": "111122223333"})", root()).match.named == Named::directly);
    Case c;
    auto deny = match(naming(R"({"AWS": "111122223333"})", "Deny"), c);    // a Deny is no delegation
    CHECK(deny.match.applies);
    CHECK(deny.reason() == "statement.matched");
    CHECK(deny.match.rule == "E-10");
}

TEST_CASE("A listed role is known with its path (IL:P-06)") {
    auto who = session();
    who.entity_pointer = "/principals/0";
    who.entity_arn = "arn:aws:iam::111122223333:role/svc/app";
    CHECK(named(R"({"AWS": "arn:aws:iam::111122223333:role/svc/app"})", who).match.applies);
    CHECK_FALSE(named(R"({"AWS": "arn:aws:iam::111122223333:role/app"})", who).match.applies);
}

TEST_CASE("Of a role that nobody described the name counts, in the caller's own account and partition (P-02)") {
    CHECK(is_role_of(session(), "arn:aws:iam::111122223333:role/app"));
    CHECK(is_role_of(session(), "arn:aws:iam::111122223333:role/any/path/app"));
    for (char const* other : {"role/app", "arn:aws:sts::111122223333:role/app", "arn:aws:iam::444455556666:role/app", "arn:aws-cn:iam::111122223333:role/app",
                              "arn:aws:iam::111122223333:user/app", "arn:aws:iam::111122223333:role/application"}) {
        INFO(other);
        CHECK_FALSE(is_role_of(session(), other));
    }
}

TEST_CASE("Unique ids name the one user or role that has them (IL:P-10, P-10)") {
    auto who = session();
    who.unique_id = "AROANEW";
    Case c;
    c.who = who;
    c.unique_ids = {"AROANEW", "AIDAOTHER"};
    auto own = match(naming(R"({"AWS": "AROANEW"})"), c);
    CHECK(own.match.as == NamedAs::role);
    CHECK(own.test("principal").string_or("rule") == "P-10");
    auto orphan = match(naming(R"({"AWS": "AROAOLD"})"), c);
    CHECK_FALSE(orphan.match.applies);
    CHECK(orphan.reason() == "principal.orphaned");
    CHECK(orphan.param("principal", "expected") == R"("AROAOLD")");
    CHECK(match(naming(R"({"AWS": "AIDAOTHER"})"), c).reason() == "principal.noMatch");
}

TEST_CASE("NotPrincipal with Deny spares only who is listed with all that stands behind it (IL:P-14, IL:P-15, IL:X-09, P-11)") {
    std::string account = R"("arn:aws:iam::111122223333:root")", role = R"("arn:aws:iam::111122223333:role/app")",
                own = R"("arn:aws:sts::111122223333:assumed-role/app/s1")";
    auto denied = [](std::string const& list, Caller const& who) {
        Case c;
        c.who = who;
        return match(excluding(R"({"AWS": [)" + list + "]}"), c);
    };
    CHECK_FALSE(denied(account + "," + role + "," + own, session()).match.applies);
    CHECK(denied(account + "," + role + "," + own, session()).reason() == "principal.excluded");
    auto partly = denied(role, session());
    CHECK(partly.match.applies);
    CHECK(partly.match.assumptions == std::vector<std::string>{"IL:X-09"});
    CHECK(denied(account + "," + own, session()).match.applies);
    CHECK(denied(role + "," + own, session()).match.applies);
    auto other = denied(account + "," + role, user("Bob"));
    CHECK(other.match.applies);
    CHECK(denied(R"("arn:aws:iam::444455556666:root")", user()).match.assumptions.empty());    // not listed at all
    CHECK_FALSE(denied(account + R"(,"arn:aws:iam::111122223333:user/Alice")", user()).match.applies);
    CHECK(denied(R"("arn:aws:iam::111122223333:user/Alice")", user()).match.applies);
    CHECK_FALSE(denied(account, root()).match.applies);
    CHECK_FALSE(denied(account + R"(,"arn:aws:iam::111122223333:user/Alice","arn:aws:sts::111122223333:federated-user/Fay")", federated())
                    .match.applies);
    CHECK_FALSE(denied(account + R"(,"arn:aws:sts::111122223333:federated-user/Fay")", federated()).match.applies);
    CHECK(denied(account, federated()).match.applies);
    auto bounded = session();
    bounded.has_boundary = true;
    auto always = denied(account + "," + role + "," + own, bounded);
    CHECK(always.match.applies);
    CHECK(always.test("principal").string_or("rule") == "IL:P-15");
}

TEST_CASE("Open questions about principals under the other reading (IL:P-03, IL:X-09)") {
    Readings readings;
    readings.choose("IL:P-03", "principalsOnly");
    readings.choose("IL:X-09", "spared");
    Case c;
    c.readings = readings;
    c.who = service();
    auto everyone = match(naming(R"("*")"), c);
    CHECK_FALSE(everyone.match.applies);
    CHECK(everyone.match.assumptions == std::vector<std::string>{"IL:P-03"});
    CHECK(match(naming(R"({"AWS": "*", "Service": "logs.us-east-1.amazonaws.com"})"), c).match.assumptions.empty());
    c.who = session();
    auto partly = match(excluding(R"({"AWS": "arn:aws:iam::111122223333:role/app"})"), c);
    CHECK_FALSE(partly.match.applies);
    CHECK(partly.match.assumptions == std::vector<std::string>{"IL:X-09"});
}

TEST_CASE("NotPrincipal with Allow is for everybody who is not listed (IL:P-16)") {
    Case c;
    CHECK(match(excluding(R"({"AWS": "arn:aws:iam::111122223333:user/Bob"})", "Allow"), c).match.applies);
    CHECK_FALSE(match(excluding(R"({"AWS": "arn:aws:iam::111122223333:user/Alice"})", "Allow"), c).match.applies);
    CHECK_FALSE(match(excluding(R"({"AWS": "111122223333"})", "Allow"), c).match.applies);
}

TEST_CASE("Only resource policies ask for a principal (IL:G-06)") {
    Case c;
    for (auto type :
         {PolicyType::identityPolicy, PolicyType::permissionsBoundary, PolicyType::sessionPolicy, PolicyType::serviceControlPolicy}) {
        c.type = type;
        CHECK(match(R"({"Effect": "Allow", "Action": "kms:*", "Resource": "*"})", c).match.applies);
    }
    for (auto type : {PolicyType::resourceControlPolicy, PolicyType::vpcEndpointPolicy}) {
        c.type = type;
        CHECK(match(naming(R"("*")"), c).match.applies);
        CHECK_FALSE(match(naming(R"({"AWS": "444455556666"})"), c).match.applies);
        CHECK(match(naming(R"({"AWS": "111122223333"})"), c).reason() == "statement.matched");    // they delegate nothing
    }
}

TEST_CASE("Statements without Action or Resource do nothing (E-22, IL:G-05, IL:G-07)") {
    Case c;
    auto no_resource = match(R"({"Effect": "Allow", "Principal": "*", "Action": "kms:*"})", c);
    CHECK_FALSE(no_resource.match.applies);
    CHECK(no_resource.reason() == "statement.inert");
    CHECK(write_json(*no_resource.match.trace.find("params")) == R"({"missing":"Resource"})");
    auto no_action = match(R"({"Effect": "Deny", "Principal": "*", "Resource": "*"})", c);
    CHECK_FALSE(no_action.match.applies);
    CHECK(write_json(*no_action.match.trace.find("params")) == R"({"missing":"Action"})");
    CHECK(no_action.match.rule == "E-22");
}

TEST_CASE("Actions (IL:A-01, IL:A-03, IL:A-05)") {
    auto applies = [](std::string const& element) {
        Case c;
        return match(R"({"Effect": "Allow", "Principal": "*", "Resource": "*", )" + element + "}", c);
    };
    CHECK(applies(R"("Action": "KMS:decrypt")").match.applies);
    CHECK(applies(R"("Action": ["s3:*", "kms:De*pt"])").match.applies);
    CHECK(applies(R"("Action": "*")").match.applies);
    CHECK_FALSE(applies(R"("Action": [])").match.applies);
    CHECK_FALSE(applies(R"("Action": "kms:Decrypt ")").match.applies);
    CHECK(applies(R"("Action": "kms:En*")").reason() == "action.noMatch");
    CHECK(applies(R"("NotAction": "iam:*")").match.applies);
    CHECK(applies(R"("NotAction": ["iam:*", "kms:*"])").reason() == "action.excluded");
    auto r = applies(R"("Action": ["s3:*", "kms:De*pt"])");
    CHECK(r.param("action", "expected") == R"("kms:De*pt")");
    CHECK(r.test("action").find("range")->find("start")->find("column")->text == "75");    // the value that matched
}

TEST_CASE("Resources (IL:R-02, IL:R-08, IL:R-09, IL:R-11 … IL:R-15, IL:G-17)") {
    auto applies = [](std::string const& element, std::string const& resource = key_arn, Language language = Language::v2012,
                      Context context = {}) {
        Case c;
        c.resource = resource;
        c.type = PolicyType::identityPolicy;
        c.language = language;
        c.context = std::move(context);
        return match(R"({"Effect": "Allow", "Action": "kms:*", )" + element + "}", c);
    };
    Context tagged;
    tagged.put("aws:PrincipalTag/k", {"1234abcd-12ab-34cd-56ef-1234567890ab"});
    std::string variable = R"(": "arn:aws:kms:us-east-1:111122223333:key/${aws:PrincipalTag/k}")";
    CHECK(applies(R"("Resource": "arn:aws:kms:*:*:key/*")").match.applies);
    CHECK_FALSE(applies(R"("Resource": "arn:aws:kms:eu-west-1:111122223333:key/*")").match.applies);
    CHECK_FALSE(applies(R"("Resource": [])").match.applies);
    CHECK(applies(R"("Resource": [null, "*"])").match.applies);
    CHECK_FALSE(applies(R"("Resource": "arn:aws:kms:*:*:key/*")", "*").match.applies);
    CHECK(applies(R"("NotResource": "arn:aws:kms:*:*:key/*")", "*").match.applies);
    CHECK(applies(R"("NotResource": "arn:aws:kms:*:*:key/*")").reason() == "resource.excluded");
    CHECK(applies(R"("Resource)" + variable, key_arn, Language::v2012, tagged).match.applies);
    CHECK_FALSE(applies(R"("Resource)" + variable, key_arn, Language::v2008, tagged).match.applies);
    auto absent = applies(R"("Resource)" + variable);
    CHECK_FALSE(absent.match.applies);
    CHECK(absent.missing == std::vector<std::string>{"aws:PrincipalTag/k"});
    CHECK(applies(R"("NotResource)" + variable).match.applies);
    Context region;
    region.put("aws:RequestedRegion", {"us-east-1"});
    CHECK_FALSE(
        applies(R"("Resource": "arn:aws:kms:${aws:RequestedRegion}:111122223333:key/*")", key_arn, Language::v2012, region).match.applies);
    Context star;
    star.put("aws:PrincipalTag/k", {"*"});
    CHECK_FALSE(applies(R"("Resource)" + variable, key_arn, Language::v2012, star).match.applies);    // IL:V-04
}

TEST_CASE("An assumption counts only when the outcome hinges on it (IL:P-03, IL:X-06)") {
    Case c;
    c.who = service();
    c.action = "kms:Encrypt";
    CHECK(match(naming(R"("*")", "Deny"), c).match.assumptions.empty());    // another action: it does not matter whether `*` names services
    c.action = "kms:Decrypt";
    CHECK(match(naming(R"("*")", "Deny"), c).match.assumptions == std::vector<std::string>{"IL:P-03"});
    Case tagging;
    tagging.context.put("aws:TagKeys", {"a"}, true);
    auto with_other = [&](char const* other) {
        return match(
            R"({"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"StringEquals": {"aws:TagKeys": "a"}, "Null": {"aws:username": )" +
                std::string(other) + "}}}",
            tagging);
    };
    CHECK(with_other("true").match.assumptions == std::vector<std::string>{"IL:X-06"});
    CHECK(with_other("false").match.assumptions.empty());
}

TEST_CASE("The fast way gives the same outcome without a trace") {
    Case c;
    c.explain = false;
    auto r = match(
        R"({"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalTag/x": "1"}}})",
        c);
    CHECK(r.match.applies);
    CHECK(r.match.named == Named::delegated);
    CHECK(r.match.rule == "E-04");
    CHECK(r.missing == std::vector<std::string>{"aws:PrincipalTag/x"});
    CHECK(r.match.trace.is(Kind::null));
}

TEST_CASE("Condition keys know their operations (IL:K-08, IL:C-13)") {
    CHECK(find_condition_key("KMS:grantoperations")->multivalued());
    CHECK(find_condition_key("kms:EncryptionContext:a:b")->supplied_for("CreateGrant"));
    CHECK_FALSE(find_condition_key("kms:EncryptionContext:a")->supplied_for("Sign"));
    CHECK(find_condition_key("kms:ViaService")->supplied_for("Sign"));
    CHECK_FALSE(find_condition_key("kms:ViaService")->supplied_for("ListKeys"));
    CHECK(find_condition_key("aws:SourceIp")->supplied_for("ListKeys"));
    CHECK(find_condition_key("kms:KeySpec")->supplied_for("CreateKey"));
    CHECK(find_condition_key("kms:EncryptionContext:") == nullptr);
    CHECK(find_condition_key("aws:Nothing") == nullptr);
}
