//! Scope and verdict over dumps written for one rule each; the lines are those of the atlas and of real logs.

use super::implied_qos;
use crate::event::QosClass;

#[test]
fn qos_follows_kubelets_policy() {
    assert_eq!(implied_qos(998), Some(QosClass::Burstable));
    assert_eq!(implied_qos(-997), Some(QosClass::Guaranteed));
    assert_eq!(implied_qos(1000), Some(QosClass::BestEffort));
    assert_eq!(implied_qos(-999), None);
    assert_eq!(implied_qos(0), None);
}
