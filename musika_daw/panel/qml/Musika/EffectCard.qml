// One effect: its knobs, and whether the sound goes through it.
import QtQuick
import QtQuick.Layouts

Rectangle {
    id: card
    property var effect
    property color tint: Theme.accent
    readonly property var bypass: effect.bypass ? controls.item(effect.bypass) : null
    readonly property bool through: !bypass || Number(bypass.value) < 0.5
    implicitHeight: column.implicitHeight + 20
    radius: 6
    color: Theme.raised
    ColumnLayout {
        id: column
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 10 }
        spacing: Theme.gap
        RowLayout {
            Text { text: card.effect.name.replace(/([a-z])([A-Z])/g, "$1 $2"); color: card.through ? Theme.text : Theme.dim; font.pixelSize: Theme.normal; elide: Text.ElideRight; Layout.fillWidth: true }
            Button {
                compact: true
                visible: card.bypass !== null
                text: card.through ? qsTr("on") : qsTr("off")
                tint: card.through ? card.tint : Theme.line
                ink: card.through ? Theme.ground : Theme.text
                tip: qsTr("whether the sound goes through this effect")
                onClicked: card.bypass.move(card.through ? 1.0 : 0.0)
            }
        }
        Flow {
            Layout.fillWidth: true
            spacing: 4
            opacity: card.through ? 1 : 0.5
            Repeater {
                model: card.effect.parameters
                Knob {
                    required property var modelData
                    width: 72
                    item: controls.item(modelData.control)
                    label: modelData.name.replace(/_(hz|db|ms|beats)$/, "").replace(/_/g, " ").replace("cutoff frequency", qsTr("cutoff"))
                    tint: card.tint
                }
            }
        }
    }
}
