// One effect: its knobs, and whether the sound goes through it.
import QtQuick
import QtQuick.Layouts

Rectangle {
    id: card
    property var effect
    property string stem
    property int place
    property bool last
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
            spacing: 0
            Text { text: card.effect.name.replace(/Filter$/, "").replace(/([a-z])([A-Z])/g, "$1 $2"); color: card.through ? Theme.text : Theme.dim; font.pixelSize: Theme.normal; elide: Text.ElideRight; Layout.fillWidth: true }
            Button {
                compact: true
                visible: card.bypass !== null
                text: card.through ? qsTr("on") : qsTr("off")
                tint: card.through ? card.tint : Theme.line
                ink: card.through ? Theme.ground : Theme.text
                tip: qsTr("whether the sound goes through this effect")
                onClicked: card.bypass.move(card.through ? 1.0 : 0.0)
            }
            IconButton { compact: true; implicitWidth: 22; path: Icons.up; filled: false; size: 12; enabled: card.place > 0; tint: "transparent"; tip: qsTr("earlier in the chain"); onClicked: effects.shift(card.stem, card.place, card.place - 1) }
            IconButton { compact: true; implicitWidth: 22; path: Icons.down; filled: false; size: 12; enabled: !card.last; tint: "transparent"; tip: qsTr("later in the chain"); onClicked: effects.shift(card.stem, card.place, card.place + 1) }
            IconButton { objectName: "remove " + card.stem + " " + card.place; compact: true; implicitWidth: 22; path: Icons.close; filled: false; size: 12; tint: "transparent"; tip: qsTr("take this effect away"); onClicked: effects.remove(card.stem, card.place) }
        }
        Caption { visible: card.bypass === null; text: qsTr("being loaded, or it could not be: the line at the bottom says so"); wrapMode: Text.Wrap; Layout.fillWidth: true }
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
